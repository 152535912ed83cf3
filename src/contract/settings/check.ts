// Judges one value for one setting: the answer to RPC, to flags and to stored values alike.

import type { SettingEntry } from "./table.ts";
import { findSetting } from "./table.ts";

export type CheckedSetting =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

export type StorableSetting =
  | { readonly ok: true; readonly value: unknown; readonly entry: SettingEntry }
  | { readonly ok: false; readonly message: string };

/** Checks and normalises a value that is to be stored under `key`. */
export function checkSetting(key: string, value: unknown): StorableSetting {
  const entry = findSetting(key);
  if (!entry) return { ok: false, message: `unknown setting ${printable(key)}` };
  if (!entry.setting.isStorable) {
    const source = entry.setting.env[0] ?? entry.setting.offSwitch ?? "a flag";
    return { ok: false, message: `${key} cannot be stored; set it through ${source} and start again` };
  }
  const checked = checkValue(entry, value, key);
  return checked.ok ? { ...checked, entry } : checked;
}

/** Checks and normalises a value for an entry; `name` is what the message calls it, e.g. the variable or the flag. */
export function checkValue({ setting }: SettingEntry, value: unknown, name: string): CheckedSetting {
  const result = setting.schema.safeParse(value, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  // Of several values the one at fault is named.
  const isOfList = typeof issue?.path[0] === "number";
  const shown = setting.isSecret ? "its value" : printable(isOfList ? issue.input : value);
  return { ok: false, message: `${name}: ${shown} is not accepted; expected ${setting.accepts}` };
}

/** A value as it may stand in a message: one line, short, quoted, without control characters. */
function printable(value: unknown): string {
  const text = (typeof value === "string" ? value : (JSON.stringify(value) ?? String(value))).replace(/\p{Cc}/gu, " ");
  return `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;
}
