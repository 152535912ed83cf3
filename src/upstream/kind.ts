// What is asked of every kind of upstream that takes an API key. Adding one is a folder that fills this in and a line in
// `kinds.ts`.

import type { Provider, ProviderKind } from "../contract/provider.ts";

export interface UpstreamKind {
  readonly name: ProviderKind;
  /** The vendor's own address; null where every provider has another. */
  readonly baseUrl: string | null;
  /** The names it serves unless the provider says which, in which `*` stands for any letters. */
  readonly usualModels: readonly string[];
  /**
   * The path, with its query, of what the provider's format puts at `path`. `model` is the name the provider has for the model;
   * null where no model is asked.
   */
  pathOf(provider: Provider, path: string, model: string | null): string;
  /** Where the models are listed, below the address. */
  modelsPath(provider: Provider): string;
  /** The names of models in such a list; empty for anything else. */
  modelsIn(body: unknown): readonly string[];
}
