import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { CommandError, shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { findProvider } from "../find-provider.ts";
import { providerEdit } from "../provider-options.ts";

export const run: Run = async (context, [name], options) => {
  const { words } = context;
  const edit = providerEdit(options, words);
  if (Object.keys(edit).length === 0) throw new CommandError(words.nothingToSet, exitCodes.usage);
  const changed = await withRpc(context, async (rpc) => {
    const { id } = await findProvider(context, rpc, name);
    return rpc.call("provider/update", { providerId: id, ...edit });
  });
  const { provider } = changed;
  context.print(changed, () => [words.providers.changed(shown(provider.name), shown(provider.baseUrl))]);
  return exitCodes.done;
};
