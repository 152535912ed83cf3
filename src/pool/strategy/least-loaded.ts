// The account with the fewest running requests for its size; among equals the one whose last turn is longest ago.

import { planWeight } from "../capacity.ts";
import type { Strategy } from "./strategy.ts";

/** Small enough that no number of turns outweighs one running request. */
const TURN = 1e-12;

export const leastLoaded: Strategy = {
  sparesLow: true,
  rank: ({ account, inflight, lastTurn }) => inflight / planWeight(account.plan) + lastTurn * TURN,
};
