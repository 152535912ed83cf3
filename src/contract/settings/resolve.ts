// Decides the value of every setting: flag over environment over stored over default. Pure: flags, environment and stored
// values are passed in.

import type { CheckedSetting } from "./check.ts";
import { checkValue } from "./check.ts";
import type { SettingEntry, SettingKey, Settings } from "./table.ts";
import { settingEntries, settingsFrom } from "./table.ts";

export type SettingSource = "flag" | "environment" | "stored" | "default";

export interface SettingsInput {
  /** Values given on the command line, by setting key. */
  readonly flags?: Readonly<Partial<Record<SettingKey, unknown>>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Stored JSON values by setting key; unknown keys are ignored. */
  readonly stored?: Readonly<Record<string, unknown>>;
}

export interface ResolvedSettings {
  readonly ok: true;
  readonly values: Settings;
  readonly sources: Readonly<Record<SettingKey, SettingSource>>;
  /** The environment variable that fixes a value, where one does. */
  readonly variables: Readonly<Partial<Record<SettingKey, string>>>;
  /** Sentences for people: values that were not accepted, and settings without effect that were given. */
  readonly warnings: readonly string[];
}

/** A bad flag: the command ends with this message. */
export interface BadFlag {
  readonly ok: false;
  readonly message: string;
}

interface Resolution {
  readonly value: unknown;
  readonly source: SettingSource;
  readonly variable?: string;
  readonly warnings: readonly string[];
}

export function resolveSettings(input: SettingsInput): ResolvedSettings | BadFlag {
  const resolutions = new Map<SettingKey, Resolution>();
  const warnings: string[] = [];
  for (const entry of settingEntries) {
    const flag = input.flags?.[entry.key];
    const checked = flag === undefined ? null : checkValue(entry, flag, entry.key);
    if (checked?.ok === false) return checked;
    const resolution: Resolution = checked
      ? { value: checked.value, source: "flag", warnings: noEffect(entry, entry.key) }
      : (fromEnvironment(entry, input.env ?? {}) ?? fromStored(entry, input.stored ?? {}));
    resolutions.set(entry.key, resolution);
    warnings.push(...resolution.warnings);
  }
  const all = [...resolutions];
  return {
    ok: true,
    values: settingsFrom((entry) => resolutions.get(entry.key)?.value),
    sources: Object.fromEntries(all.map(([key, { source }]) => [key, source])) as Record<SettingKey, SettingSource>,
    variables: Object.fromEntries(all.flatMap(([key, { variable }]) => (variable ? [[key, variable]] : []))),
    warnings,
  };
}

function fromEnvironment(entry: SettingEntry, env: Readonly<Record<string, string | undefined>>): Resolution | null {
  const { env: names, offSwitch } = entry.setting;
  const variable = names.find((name) => (env[name] ?? "").trim() !== "");
  if (variable !== undefined) return fromVariable(entry, variable, env[variable] ?? "");
  if (offSwitch === null || env[offSwitch] === undefined) return null;
  return { value: false, source: "environment", variable: offSwitch, warnings: noEffect(entry, offSwitch) };
}

/** A variable that is not accepted leaves the default in force (or the minimum), and never the stored value. */
function fromVariable(entry: SettingEntry, variable: string, text: string): Resolution {
  const checked = checkValue(entry, text, variable);
  if (checked.ok) {
    return { value: checked.value, source: "environment", variable, warnings: noEffect(entry, variable) };
  }
  const { minimum, default: standard } = entry.setting;
  const isBelow = minimum !== null && /^\s*-?\d+\s*$/.test(text) && Number(text) < minimum;
  const value = isBelow ? minimum : standard;
  const warning = `${checked.message}; using ${isBelow ? "the minimum" : "the default"} ${JSON.stringify(value)}`;
  return isBelow
    ? { value, source: "environment", variable, warnings: [warning] }
    : { value, source: "default", warnings: [warning] };
}

function fromStored(entry: SettingEntry, stored: Readonly<Record<string, unknown>>): Resolution {
  const { isStorable, default: standard } = entry.setting;
  if (!isStorable || !Object.hasOwn(stored, entry.key)) return { value: standard, source: "default", warnings: [] };
  const checked: CheckedSetting = checkValue(entry, stored[entry.key], `stored setting ${entry.key}`);
  if (checked.ok) return { value: checked.value, source: "stored", warnings: [] };
  return { value: standard, source: "default", warnings: [`${checked.message}; using the default`] };
}

function noEffect({ setting }: SettingEntry, name: string): readonly string[] {
  return setting.effect === "active" ? [] : [`${name} has no effect: ${setting.effect.none.en}`];
}
