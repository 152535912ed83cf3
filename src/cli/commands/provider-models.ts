import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { findProvider } from "../find-provider.ts";

export const run: Run = async (context, [name], { keep }) => {
  const read = await withRpc(context, async (rpc) => {
    const { id } = await findProvider(context, rpc, name);
    return rpc.call("provider/models/refresh", { providerId: id, keep: keep === true });
  });
  context.print(read, () => [
    ...read.models.map(shown),
    ...(read.isKept ? [context.words.providers.kept(read.models.length)] : []),
  ]);
  return exitCodes.done;
};
