import type { ResultOf } from "../../contract/rpc/table.ts";
import { type Rpc, withRpc } from "../connect.ts";
import type { Context, Options, Run } from "../context.ts";
import { shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { providerEdit, text } from "../provider-options.ts";
import { readKey } from "../read-key.ts";

type Preset = ResultOf<"provider/presets">["items"][number];

export const run: Run = async (context, [presetId], options) => {
  const { words, terminal } = context;
  const made = await withRpc(context, async (rpc) => {
    const preset = presetId === undefined ? null : await findPreset(rpc, presetId);
    const edit = providerEdit(options, words);
    const name = edit.name ?? preset?.title[words.language] ?? edit.baseUrl ?? presetId ?? "";
    if (preset?.keyPage && !context.isJson && options["key"] !== false) {
      terminal.err(words.providers.keyPageIs(preset.keyPage));
    }
    const keys = await keysOf(context, options, { preset, name });
    return rpc.call("provider/create", { preset: presetId ?? null, ...edit, keys });
  });
  context.print(made, () => [words.providers.added(shown(made.provider.name), made.accountIds.length)]);
  return exitCodes.done;
};

async function findPreset(rpc: Rpc, id: string): Promise<Preset | null> {
  const { items } = await rpc.call("provider/presets");
  return items.find((item) => item.id === id) ?? null;
}

/** A server that asks for none gets an account without a key, so that it can serve. */
async function keysOf(
  context: Context,
  options: Options,
  { preset, name }: { readonly preset: Preset | null; readonly name: string },
) {
  if (options["key"] === false) return [];
  const groupName = text(options["group"]) ?? "";
  const label = text(options["label"]) ?? null;
  const isKeyless = preset?.keyPlace === "none" && text(options["keyEnv"]) === undefined;
  const apiKey = isKeyless ? "" : await readKey(context, options, name);
  return [{ apiKey, groupName, label }];
}
