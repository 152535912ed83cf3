import type { ResultOf } from "../../contract/rpc/table.ts";
import type { SettingEntry } from "../../contract/settings/table.ts";
import { settingEntries } from "../../contract/settings/table.ts";
import { formatTable } from "../../kit/table.ts";
import { withRpc } from "../connect.ts";
import type { Context, Run } from "../context.ts";
import { CommandError, shown } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";

type Item = ResultOf<"settings/explain">["items"][number];

/** One setting is named by its key or by its environment variable. */
export const run: Run = async (context, [name]) => {
  const { items } = await withRpc(context, (rpc) => rpc.call("settings/explain"));
  if (name === undefined) {
    context.print({ items }, () => [overview(context, items)]);
    return exitCodes.done;
  }
  const named = settingEntries.find(({ key, setting }) => key === name || setting.env.includes(name));
  const item = items.find(({ key }) => key === named?.key);
  if (!item || !named) throw new CommandError(context.words.noSuchSetting(name), exitCodes.notFound);
  context.print(item, () => details(context, item, named));
  return exitCodes.done;
};

function overview({ words }: Context, items: readonly Item[]): string {
  const { setting, value, source } = words.columns;
  const rows = items.map((item) => [item.key, shownValue(item.value), origin(item)]);
  return formatTable([setting, value, source], rows);
}

function details({ words }: Context, item: Item, { setting }: SettingEntry): readonly string[] {
  return [
    `${item.key} = ${shownValue(item.value)} (${origin(item)})`,
    setting.description[words.language],
    words.standard(shownValue(item.default)),
    item.applies === "hot" ? words.appliesHot : words.appliesRestart,
    ...(setting.effect === "active" ? [] : [words.noEffect(setting.effect.none[words.language])]),
  ];
}

function origin({ source, variable }: Item): string {
  return variable === null ? source : `${source} ${variable}`;
}

function shownValue(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return "-";
  return shown(typeof value === "string" ? value : JSON.stringify(value));
}
