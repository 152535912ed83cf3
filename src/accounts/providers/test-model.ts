// Which model a provider is tried with. Pure.

import type { Provider } from "../../contract/provider.ts";
import { findPreset } from "../../upstream/presets.ts";

/** Models that do not write text, by the names vendors give them. */
const OTHER_KINDS =
  /embed|whisper|tts|audio|realtime|transcri|image|dall-e|imagen|veo|video|moderation|rerank|bge|guard|ocr|live|speech/i;

interface Choice {
  readonly provider: Provider;
  /** What the user named. */
  readonly wanted: string | null;
  /** What the provider lists; null when that could not be read. */
  readonly listed: readonly string[] | null;
}

/** As the provider calls it; null when nothing is known to try. */
export function testModel({ provider, wanted, listed }: Choice): string | null {
  const { modelNames, models, preset } = provider.terms;
  const own = (name: string) => modelNames[name] ?? name;
  if (wanted !== null) return own(wanted);
  const named = models.find((name) => !name.includes("*")) ?? Object.keys(modelNames)[0];
  if (named !== undefined) return own(named);
  const usual = preset === null ? [] : (findPreset(preset)?.models ?? []);
  // Azure lists what could be deployed, and takes the names of deployments only.
  if (provider.kind === "azure") return null;
  if (listed === null) return usual[0] ?? null;
  return usual.find((name) => listed.includes(name)) ?? listed.find((name) => !OTHER_KINDS.test(name)) ?? null;
}
