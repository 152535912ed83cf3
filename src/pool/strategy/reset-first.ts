// Uses what would be lost soonest: the account whose longest window resets first, as long as it has something left. One
// whose short window is filling up stands back, so that the conversations it has need not leave it.

import { longestWindow, planWeight, shortestWindow, usedNow } from "../capacity.ts";
import type { Strategy } from "./strategy.ts";

/** Less than this is left to conversations that are already on the account. */
const FLOOR_PERCENT = 5;
/** Later than every reset that is known. */
const UNKNOWN = 8.64e15;
/** From here on the short window counts, in steps; a running request of a Plus account will take about so much of it. */
const CALM_PERCENT = 40;
const STEP_PERCENT = 10;
const REQUEST_PERCENT = 6;
/** A step weighs more than any two resets are apart. */
const STEP_MS = 40 * 24 * 60 * 60_000;

export const resetFirst: Strategy = {
  sparesLow: true,
  rank({ account, inflight }, now) {
    const window = longestWindow(account.facts);
    if (window === null || window.resetsAt === null || window.resetsAt <= now) return UNKNOWN;
    const isAtFloor = 100 - usedNow(window, now) < FLOOR_PERCENT;
    const shortest = shortestWindow(account.facts);
    const short = shortest === null || shortest === window ? 0 : usedNow(shortest, now);
    const taken = short + (REQUEST_PERCENT * inflight) / planWeight(account.plan);
    const steps = Math.floor(Math.max(0, taken - CALM_PERCENT) / STEP_PERCENT);
    return (isAtFloor ? UNKNOWN : 0) + window.resetsAt + steps * STEP_MS;
  },
};
