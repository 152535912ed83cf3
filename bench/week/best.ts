// What could have been used at best of the weeks that were running at the start, before they reset: an owner who knows
// everything, has no conversations to keep together and no trouble, and always spends what resets first.

import { HOUR, weekEndsAt, weekStartsAt } from "./time.ts";
import { creditsOf } from "./traffic.ts";
import type { Setting } from "./week.ts";

const SLOT = HOUR / 12;

export function bestBeforeReset({ traffic, quotas }: Pick<Setting, "traffic" | "quotas">): number {
  const wanted = new Float64Array(Math.ceil((weekEndsAt - weekStartsAt) / SLOT));
  for (const turn of traffic) {
    const slot = Math.floor((turn.at - weekStartsAt) / SLOT);
    wanted[slot] = (wanted[slot] ?? 0) + creditsOf(turn, turn.cachedAtBest);
  }
  const byReset = quotas().toSorted((left, right) => left.firstResetAt - right.firstResetAt);
  for (const [slot, credits] of wanted.entries()) {
    const now = weekStartsAt + slot * SLOT;
    let open = credits;
    const running = byReset.filter(({ firstResetAt }) => now < firstResetAt);
    for (const quota of [...running, ...byReset.filter((each) => !running.includes(each))]) {
      const spent = Math.min(open, quota.left(now));
      if (spent > 0) quota.spend(spent, spent, now);
      open -= spent;
      if (open <= 0) break;
    }
  }
  return byReset.reduce((sum, { usefulBeforeReset }) => sum + usefulBeforeReset, 0);
}
