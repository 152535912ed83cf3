// The settings table of the database as the place where stored values are kept.

import type { Clock } from "../../kit/clock.ts";
import type { SettingRows } from "../../store/setting-rows.ts";
import type { StoredSettings } from "./live-settings.ts";

export function storedSettings(rows: SettingRows, clock: Clock): StoredSettings {
  return {
    load: async () => Object.fromEntries(await rows.list()),
    save: (key, value) => rows.put(key, value, clock.now()),
  };
}
