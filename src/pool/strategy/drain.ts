// Finishes one account before it begins the next: the one with the least left, which is soon the one that serves.

import { remainingCredits } from "../capacity.ts";
import type { Strategy } from "./strategy.ts";

export const drain: Strategy = { sparesLow: false, rank: ({ account }, now) => remainingCredits(account, now) };
