// What a routing strategy is: a pure answer to "in which order are these accounts asked".

import type { PoolAccount } from "../account.ts";

export interface StrategyRequest {
  /** Counts up by one with every conversation that has to be placed. */
  readonly turn: number;
}

/** `accounts` stand in the user's order. Yields lazily: usually only the first is looked at. */
export type Strategy = (accounts: readonly PoolAccount[], request: StrategyRequest) => Iterable<PoolAccount>;
