// What tests of the jobs start from: settings that can be changed, and time that goes on while others work.

import type { SettingKey, Settings } from "../contract/settings/table.ts";
import { defaultSettings, settingsFrom, settingValue } from "../contract/settings/table.ts";
import type { VirtualClock } from "../kit/virtual-clock.ts";

export interface ChangeableSettings {
  current: Settings;
  set(key: SettingKey, value: unknown): void;
  readonly onChange: (listener: () => void) => () => void;
}

export function changeableSettings(given: Partial<Record<SettingKey, unknown>> = {}): ChangeableSettings {
  const listeners = new Set<() => void>();
  const settings: ChangeableSettings = {
    current: settingsFrom((entry) => given[entry.key] ?? settingValue(defaultSettings, entry.key)),
    set(key, value) {
      const before = settings.current;
      settings.current = settingsFrom((entry) => (entry.key === key ? value : settingValue(before, entry.key)));
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return settings;
}

/** Lets everything happen that waits for nothing but its turn. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Goes on second by second, with a turn for everybody after each. */
export async function pass(clock: VirtualClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1000);
    await turn();
  }
}
