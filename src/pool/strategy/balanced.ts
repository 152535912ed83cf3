// Fair by what each account can still give: start-time fair queueing, in which an account's share grows by the inverse of
// its sustainable pace with every conversation it gets. Smooth, and nobody who comes back is overrun.

import type { Strategy } from "./strategy.ts";

export const balanced: Strategy = { sparesLow: true, rank: ({ share }) => share };
