// Strictly the user's order.

import type { Strategy } from "./strategy.ts";

export const ordered: Strategy = { sparesLow: false, rank: ({ place }) => place };
