// What the handlers need from the settings in force.

import type { SettingSource } from "../contract/settings/resolve.ts";
import type { SettingKey, Settings } from "../contract/settings/table.ts";

export interface SettingsPort {
  readonly current: Settings;
  source(key: SettingKey): SettingSource;
  set(
    key: string,
    value: unknown,
  ): Promise<
    | { readonly ok: true; readonly value: unknown; readonly needsRestart: boolean }
    | { readonly ok: false; readonly message: string }
  >;
}
