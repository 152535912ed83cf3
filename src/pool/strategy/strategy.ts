// What a routing strategy is: a pure rank for each account that can serve. The lowest is asked first; what the user laid
// down (priority, marks) and what the upstream announced go before any rank.

import type { PoolAccount } from "../account.ts";

/** What a strategy may look at. */
export interface Standing {
  readonly account: PoolAccount;
  /** Where it stands in the user's order, from 0. */
  readonly place: number;
  /** Requests it serves now. */
  readonly inflight: number;
  /** How far its share of new conversations has been used: its turn comes when the others have gone as far. */
  readonly share: number;
  /** Counts up over the whole pool: how many conversations had been placed when it got its last one. */
  readonly lastTurn: number;
}

export interface Strategy {
  /** Whether accounts above the soft threshold come after those below it. */
  readonly sparesLow: boolean;
  /** `now` is epoch ms. Equal ranks go by the user's order. */
  rank(standing: Standing, now: number): number;
}
