import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";

export const run: Run = async (context, [name]) => {
  const route = await withRpc(context, async (rpc) => {
    if (name !== undefined) await rpc.call("gateway/routeStrategy/set", { strategy: name });
    return rpc.call("gateway/routeStrategy/get");
  });
  context.print(route, () => [context.words.strategy(route.strategy, route.options.join(", "))]);
  return exitCodes.done;
};
