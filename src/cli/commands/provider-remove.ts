import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { findProvider } from "../find-provider.ts";

export const run: Run = async (context, [name]) => {
  const { id, name: shownName } = await withRpc(context, async (rpc) => {
    const provider = await findProvider(context, rpc, name);
    await rpc.call("provider/delete", { providerId: provider.id });
    return provider;
  });
  context.print({ id, name: shownName }, () => [context.words.providers.removed(shown(shownName))]);
  return exitCodes.done;
};
