import { withRpc } from "../connect.ts";
import type { Run } from "../context.ts";
import { shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { findProvider } from "../find-provider.ts";
import { text } from "../provider-options.ts";
import { readKey } from "../read-key.ts";

export const run: Run = async (context, [name], options) => {
  const { provider, added } = await withRpc(context, async (rpc) => {
    const found = await findProvider(context, rpc, name);
    const key = {
      providerId: found.id,
      apiKey: found.keyPlace === "none" ? "" : await readKey(context, options, found.name),
      label: text(options["label"]) ?? null,
      ...(text(options["group"]) === undefined ? {} : { groupName: text(options["group"]) ?? "" }),
    };
    return { provider: found, added: await rpc.call("provider/key/add", key) };
  });
  context.print(added, () => [context.words.providers.keyAdded(shown(provider.name))]);
  return exitCodes.done;
};
