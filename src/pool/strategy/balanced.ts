// Fair by what each account still has to give before it expires: start-time fair queueing, in which an account's share
// grows by the inverse of its weight with every conversation it gets. Smooth, and nobody who comes back is overrun.

import type { Strategy } from "./strategy.ts";

export const balanced: Strategy = { sparesLow: true, rank: ({ share }) => share };
