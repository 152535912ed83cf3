// How settings are shown to people and programs: value, origin and effect, secrets left out.

import type { ResolvedSettings, SettingSource } from "./resolve.ts";
import type { SettingEntry, SettingKey } from "./table.ts";
import { settingEntries } from "./table.ts";

/** The setting's value and origin in one line's worth of facts, for `explain config`. Secrets are shown as set or not. */
export interface ExplainedSetting {
  readonly key: SettingKey;
  readonly value: unknown;
  readonly source: SettingSource;
  readonly variable: string | null;
  readonly default: unknown;
  readonly applies: "hot" | "restart";
  readonly description: string;
  readonly effect: string | null;
}

export function explainSettings(resolved: ResolvedSettings): readonly ExplainedSetting[] {
  return settingEntries.map((entry) => explain(entry, resolved));
}

function explain({ key, area, name, setting }: SettingEntry, resolved: ResolvedSettings): ExplainedSetting {
  const areas = resolved.values as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const value = areas[area]?.[name];
  const isShown = !setting.isSecret || value === null || (Array.isArray(value) && value.length === 0);
  return {
    key,
    value: isShown ? value : "(set)",
    source: resolved.sources[key],
    variable: resolved.variables[key] ?? null,
    default: setting.default,
    applies: setting.applies,
    description: setting.description.en,
    effect: setting.effect === "active" ? null : setting.effect.none.en,
  };
}
