// Changes several settings by one call: either all given values are acceptable, or none is taken.

import { checkValue } from "../contract/settings/check.ts";
import type { SettingKey } from "../contract/settings/table.ts";
import { findSetting, settingValue } from "../contract/settings/table.ts";
import type { CallContext, Outcome } from "./handler.ts";
import { done, failed } from "./handler.ts";
import type { SettingsPort } from "./settings-port.ts";

export interface SettingChange {
  readonly key: SettingKey;
  /** What the caller knows the setting as. */
  readonly name: string;
  readonly value: unknown;
}

/** A load push fills in settings that nobody has decided and leaves the others alone, without complaint. */
export async function changeSettings(
  settings: SettingsPort,
  wanted: readonly SettingChange[],
  { isLoadPush }: CallContext,
): Promise<Outcome<null>> {
  const changes = isLoadPush ? wanted.filter(({ key }) => settings.source(key) === "default") : wanted;
  const accepted: SettingChange[] = [];
  for (const change of changes) {
    const checked = check(change);
    if (!checked.ok) return checked;
    const { key } = change;
    if (isFixed(settings, key) && checked.value === settingValue(settings.current, key)) continue;
    if (isFixed(settings, key)) return refusal(settings, change);
    accepted.push({ ...change, value: checked.value });
  }
  for (const { key, value } of accepted) {
    const result = await settings.set(key, value);
    if (!result.ok) return failed(result.message);
  }
  return done(null);
}

function check({ key, name, value }: SettingChange): Outcome<unknown> {
  const entry = findSetting(key);
  if (!entry) throw new TypeError(`no setting ${key}`);
  const { minimum } = entry.setting;
  const isBelow = minimum !== null && isWhole(value) && Number(value) < minimum;
  const checked = checkValue(entry, isBelow ? minimum : value, name);
  return checked.ok ? done(checked.value) : failed(checked.message);
}

function isWhole(value: unknown): boolean {
  return typeof value === "number" ? Number.isInteger(value) : typeof value === "string" && /^\s*-?\d+\s*$/.test(value);
}

function isFixed(settings: SettingsPort, key: SettingKey): boolean {
  const source = settings.source(key);
  return source === "flag" || source === "environment";
}

/** The settings know best how to say what fixes a value; asking them changes nothing. */
async function refusal(settings: SettingsPort, { key, value }: SettingChange): Promise<Outcome<null>> {
  const result = await settings.set(key, value);
  return result.ok ? done(null) : failed(result.message);
}
