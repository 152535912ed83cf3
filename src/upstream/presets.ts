// Ready-made entries for providers: where each is asked, in which words, and where its keys are made. The entries are in
// presets.json, each with the pages that its facts are from; an address that no page confirms is not there.

import type { KeyPlace, ProviderFormat, ProviderKind } from "../contract/provider.ts";
import type { Words } from "../contract/settings/setting.ts";
import table from "./presets.json" with { type: "json" };

export interface Preset {
  readonly id: string;
  readonly title: Words;
  readonly kind: ProviderKind;
  readonly format: ProviderFormat;
  /** Null where everybody has an address of their own; then there is an example of it. */
  readonly baseUrl: string | null;
  readonly addressExample: string | null;
  readonly keyPlace: KeyPlace;
  readonly isPaid: boolean;
  readonly isOnMyNetwork: boolean;
  /** Where keys are made; null when no page is known. */
  readonly keyPage: string | null;
  /** Models to try it with; what it serves its own list tells. */
  readonly models: readonly string[];
  readonly sources: readonly string[];
}

/** The day on which the entries were looked up. */
export const presetsVersion: string = table.version;

export const presets: readonly Preset[] = table.presets as readonly Preset[];

export function findPreset(id: string): Preset | null {
  return presets.find((preset) => preset.id === id) ?? null;
}
