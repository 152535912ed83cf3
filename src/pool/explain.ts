// The whole choice for a request that nobody has made: who would be asked in which order, who not and why. Looks at every
// account and changes nothing.

import { type Ask, type Candidate, Candidates, isStrict } from "./candidates.ts";
import type { Skip } from "./eligibility.ts";
import type { Pool } from "./pool.ts";
import { skipOf } from "./standing.ts";

export interface Explanation {
  /** In order; the first is who would serve. */
  readonly candidates: readonly Candidate[];
  readonly candidateCount: number;
  /** In the user's order. */
  readonly skips: readonly Skip[];
  readonly skippedCount: number;
  /** Epoch ms at which the first of those passed over comes back by itself; null when none does. */
  readonly returnsAt: number | null;
}

/** At most `limit` of each are told, all are counted. */
export function explainChoice(pool: Pool, ask: Ask, limit: number, now: number): Explanation {
  const walk = new Candidates(pool, ask);
  const candidates: Candidate[] = [];
  while (candidates.length < limit) {
    const next = walk.next(now);
    if (next === null) break;
    candidates.push(next);
  }
  const skips = pool.entries.flatMap((entry): Skip[] => {
    const isOut = isStrict(ask) && entry.account.id !== ask.manualAccountId;
    const skip = isOut ? notManual(entry.account.id) : skipOf(entry, ask, pool.terms, now);
    return skip === null ? [] : [skip];
  });
  const candidateCount = pool.entries.length - skips.length;
  const returnsAt = skips.reduce<number | null>((first, { until }) => earlier(first, until), null);
  return { candidates, candidateCount, skips: skips.slice(0, limit), skippedCount: skips.length, returnsAt };
}

function notManual(accountId: string): Skip {
  return { accountId, reason: "not_manual", until: null };
}

function earlier(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.min(left, right);
}
