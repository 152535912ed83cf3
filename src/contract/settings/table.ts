// The one table of settings. Environment, flags, RPC, the page's fields and the reference in docs/ all derive from it: a new
// setting is one entry in one file under areas/.

import { gateway } from "./areas/gateway.ts";
import { jobs } from "./areas/jobs.ts";
import { models } from "./areas/models.ts";
import { keptResponses } from "./areas/kept-responses.ts";
import { notices } from "./areas/notices.ts";
import { original } from "./areas/original.ts";
import { requestLog } from "./areas/request-log.ts";
import { routing } from "./areas/routing.ts";
import { service } from "./areas/service.ts";
import { signIn } from "./areas/sign-in.ts";
import { store } from "./areas/store.ts";
import { trace } from "./areas/trace.ts";
import { usage } from "./areas/usage.ts";
import { web } from "./areas/web.ts";
import type { Setting } from "./setting.ts";

const settingsTable = {
  service,
  web,
  store,
  signIn,
  gateway,
  models,
  routing,
  usage,
  requestLog,
  keptResponses,
  jobs,
  notices,
  trace,
  original,
};

type Table = typeof settingsTable;
type Area = keyof Table;
type ValueOf<Entry> = Entry extends Setting<infer T> ? T : never;

/** All settings with their resolved values: `settings.gateway.firstByteTimeoutMs`. Frozen; a change makes a new object. */
export type Settings = {
  readonly [A in Area]: { readonly [N in keyof Table[A]]: ValueOf<Table[A][N]> };
};

/** `area.name`, e.g. `gateway.firstByteTimeoutMs`. */
export type SettingKey = { [A in Area]: `${A}.${string & keyof Table[A]}` }[Area];

/** The type of one setting's value. */
export type SettingValue<K extends SettingKey> = K extends `${infer A extends Area}.${infer N}`
  ? N extends keyof Settings[A]
    ? Settings[A][N]
    : never
  : never;

export interface SettingEntry {
  readonly key: SettingKey;
  readonly area: string;
  readonly name: string;
  readonly setting: Setting<unknown>;
  /** Key of the label in the message catalogues. */
  readonly label: string;
}

export const settingEntries: readonly SettingEntry[] = Object.entries(settingsTable).flatMap(([area, settings]) =>
  Object.entries<Setting<unknown>>(settings).map(([name, entry]) => {
    const key = `${area}.${name}` as SettingKey;
    return { key, area, name, setting: entry, label: `settings.${key}` };
  }),
);

const byKey: ReadonlyMap<string, SettingEntry> = new Map(settingEntries.map((entry) => [entry.key, entry]));

export function findSetting(key: string): SettingEntry | undefined {
  return byKey.get(key);
}

/** Builds the frozen settings object from one value per entry. */
export function settingsFrom(valueOf: (entry: SettingEntry) => unknown): Settings {
  const areas: Record<string, Record<string, unknown>> = {};
  for (const entry of settingEntries) (areas[entry.area] ??= {})[entry.name] = valueOf(entry);
  for (const area of Object.values(areas)) Object.freeze(area);
  return Object.freeze(areas) as Settings;
}

export const defaultSettings: Settings = settingsFrom((entry) => entry.setting.default);

/** The value of one setting by its key. */
export function settingValue<K extends SettingKey>(settings: Settings, key: K): SettingValue<K> {
  const [area = "", name = ""] = key.split(".");
  return (settings as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[area]?.[name] as SettingValue<K>;
}
