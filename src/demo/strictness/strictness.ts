// What a rule may look at, and what a world can be told to let pass beyond what the real backend is known to take.

import type { DemoAccount } from "../account.ts";
import type { Exchange } from "../exchange.ts";
import type { Fields } from "../stream/request.ts";
import type { Answer } from "../answer.ts";

export interface Strictness {
  /** Body fields of future clients. */
  readonly extraParameters: ReadonlySet<string>;
  /** Item types of future clients. */
  readonly extraItemTypes: ReadonlySet<string>;
  /** Models beyond the catalogue; classic ones, open to every plan. */
  readonly extraModels: ReadonlySet<string>;
  /** Whether a compaction blob of another account is taken; reports differ. */
  readonly takesForeignCompaction: boolean;
}

export interface CheckedRequest {
  readonly body: Fields;
  /** The input as an array; empty when it is none. */
  readonly items: readonly Fields[];
  readonly exchange: Exchange;
  readonly account: DemoAccount;
  readonly strictness: Strictness;
  /** "api" is a model request with an API key. */
  readonly operation: "turn" | "compact" | "api";
}

/** A refusal, or null when the rule has nothing against the request. */
export type Rule = (request: CheckedRequest) => Answer | null;
