// Uses what would be lost soonest: the account whose longest window resets first, as long as it has something left.

import { longestWindow, usedNow } from "../capacity.ts";
import type { Strategy } from "./strategy.ts";

/** Less than this is left to conversations that are already on the account. */
const FLOOR_PERCENT = 5;
/** Later than every reset that is known. */
const UNKNOWN = 8.64e15;

export const resetFirst: Strategy = {
  sparesLow: true,
  rank({ account }, now) {
    const window = longestWindow(account.facts);
    if (window === null || window.resetsAt === null || window.resetsAt <= now) return UNKNOWN;
    const isAtFloor = 100 - usedNow(window, now) < FLOOR_PERCENT;
    return isAtFloor ? UNKNOWN + window.resetsAt : window.resetsAt;
  },
};
