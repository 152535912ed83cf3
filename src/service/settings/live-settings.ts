// The settings in force while the program runs: what was resolved at start plus changes, which are stored before they count.

import { checkSetting } from "../../contract/settings/check.ts";
import type { BadFlag, ResolvedSettings, SettingSource, SettingsInput } from "../../contract/settings/resolve.ts";
import { resolveSettings } from "../../contract/settings/resolve.ts";
import type { SettingKey, Settings } from "../../contract/settings/table.ts";
import { settingsFrom, settingValue } from "../../contract/settings/table.ts";

/** Where stored values are kept, as JSON by setting key. */
export interface StoredSettings {
  load(): Promise<Readonly<Record<string, unknown>>>;
  save(key: SettingKey, value: unknown): Promise<void>;
}

export type SetResult =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** The value counts only after the next start. */ readonly needsRestart: boolean;
    }
  | { readonly ok: false; readonly message: string };

type Listener = (settings: Settings, key: SettingKey) => void;

export class LiveSettings {
  readonly #keeper: StoredSettings;
  readonly #listeners = new Set<Listener>();
  readonly #pending = new Set<SettingKey>();
  #resolved: ResolvedSettings;

  private constructor(keeper: StoredSettings, resolved: ResolvedSettings) {
    this.#keeper = keeper;
    this.#resolved = resolved;
  }

  /** Loads the stored values and resolves everything anew with them. */
  static async load(
    keeper: StoredSettings,
    given: Pick<SettingsInput, "flags" | "env">,
  ): Promise<LiveSettings | BadFlag> {
    const resolved = resolveSettings({ ...given, stored: await keeper.load() });
    return resolved.ok ? new LiveSettings(keeper, resolved) : resolved;
  }

  /** The frozen values in force; a change puts a new object here. */
  get current(): Settings {
    return this.#resolved.values;
  }

  /** Values with sources and warnings, as of now. */
  get resolved(): ResolvedSettings {
    return this.#resolved;
  }

  /** Settings that were changed and count only after the next start. */
  get pendingRestart(): readonly SettingKey[] {
    return [...this.#pending];
  }

  source(key: SettingKey): SettingSource {
    return this.#resolved.sources[key];
  }

  /** Stores one value and, when the setting is hot, puts it in force. A value fixed from outside is never overwritten. */
  async set(key: string, value: unknown): Promise<SetResult> {
    const checked = checkSetting(key, value);
    if (!checked.ok) return checked;
    const { entry } = checked;
    const fixed = this.#fixedBy(entry.key);
    if (fixed !== null) return { ok: false, message: `${key} is fixed by ${fixed} and cannot be changed here` };
    await this.#keeper.save(entry.key, checked.value);
    const isHot = entry.setting.applies === "hot";
    this.#store(entry.key, isHot ? checked.value : settingValue(this.current, entry.key));
    if (!isHot) this.#pending.add(entry.key);
    for (const listener of this.#listeners) listener(this.current, entry.key);
    return { ok: true, value: checked.value, needsRestart: !isHot };
  }

  /** Calls `listener` after each change, whether it is in force or waits for the next start. Returns the unsubscriber. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #fixedBy(key: SettingKey): string | null {
    const source = this.source(key);
    if (source === "flag") return "the command line";
    return source === "environment" ? `the environment variable ${this.#resolved.variables[key]}` : null;
  }

  #store(key: SettingKey, value: unknown): void {
    const { values, sources } = this.#resolved;
    this.#resolved = {
      ...this.#resolved,
      values: settingsFrom((entry) => (entry.key === key ? value : settingValue(values, entry.key))),
      sources: { ...sources, [key]: "stored" },
    };
  }
}
