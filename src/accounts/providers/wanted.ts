// What a user asks for when making a provider, by hand or from a ready-made entry, as the provider that follows from it. Pure.

import type { ProviderKind } from "../../contract/provider.ts";
import { kinds } from "../../upstream/kinds.ts";
import { findPreset, type Preset } from "../../upstream/presets.ts";
import { KIND_FORMATS, type ProviderEdit, type ProviderFault } from "./provider-terms.ts";
import type { NewProvider } from "./providers.ts";

/** With a preset everything else may be left out, but for the address where everybody has another. */
export interface ProviderWish extends ProviderEdit {
  readonly kind?: ProviderKind;
}

type Read = { readonly ok: true; readonly value: NewProvider } | { readonly ok: false; readonly fault: ProviderFault };

/** What is said by hand goes over what the preset says. */
export function readWish(wish: ProviderWish): Read {
  const { preset: id = null } = wish;
  const preset = id === null ? null : findPreset(id);
  if (id !== null && preset === null) return invalid(`preset: there is none called ${id}; provider/presets lists them`);
  const kind = wish.kind ?? preset?.kind ?? "compatible";
  const baseUrl = wish.baseUrl ?? preset?.baseUrl ?? kinds[kind].baseUrl;
  if (baseUrl === null) {
    const example = preset?.addressExample ?? null;
    return invalid(
      `baseUrl: where is it? ${example === null ? "Give its address" : `Give its address, as in ${example}`}`,
    );
  }
  const format = wish.format ?? (preset?.kind === kind ? preset.format : KIND_FORMATS[kind][0]) ?? "chat";
  const name = wish.name ?? preset?.title.en ?? URL.parse(baseUrl)?.hostname ?? "";
  return { ok: true, value: { ...presetTerms(preset), ...wish, kind, format, name, baseUrl } };
}

function presetTerms(preset: Preset | null): ProviderEdit {
  if (preset === null) return {};
  const { id, keyPlace, isPaid, isOnMyNetwork } = preset;
  return { preset: id, keyPlace, isPaid, isOnMyNetwork };
}

function invalid(message: string): Read {
  return { ok: false, fault: { code: "invalid", message } };
}
