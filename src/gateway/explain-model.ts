// Which model a name would become now and why, without a request.

import type { Settings } from "../contract/settings/table.ts";
import { modelNames } from "./from-settings.ts";
import { type KnownModels, type ResolvedModel, resolveModel, resolveNative } from "./model-names.ts";
import type { AdmittedKey } from "./ports.ts";

export interface ModelQuestion {
  readonly name: string;
  /** Null asks for a key that lays nothing down. */
  readonly key: Pick<AdmittedKey, "model" | "reasoningEffort"> | null;
  /** Whether Codex asks, which is taken at its word. */
  readonly isNative: boolean;
}

export interface ModelParts {
  readonly settings: Settings;
  readonly knownModels: KnownModels;
}

export function explainModel({ name, key, isNative }: ModelQuestion, parts: ModelParts): ResolvedModel {
  const byKey = key?.reasoningEffort ?? null;
  if (key?.model != null) {
    return { model: key.model, reasoningEffort: byKey, serviceTier: null, reason: "key", pattern: null };
  }
  const resolve = isNative ? resolveNative : resolveModel;
  const named = resolve(name, modelNames(parts.settings), parts.knownModels);
  return { ...named, reasoningEffort: byKey ?? named.reasoningEffort };
}
