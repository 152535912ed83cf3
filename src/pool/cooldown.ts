// How long the one that is blamed rests. The upstream's own word comes first; without it the rest doubles with each
// refusal of the same kind in a row.

import type { FailureCode } from "../contract/failure.ts";
import type { AccountFacts } from "./account.ts";
import type { Rest } from "./classify-table.ts";
import type { Observation } from "./observation.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A reset further away than this is a mistake of the upstream (seen in public reports). */
const FARTHEST_RESET = 366 * DAY;

const LADDERS = {
  until_reset: { first: 5 * MINUTE, longest: HOUR },
  as_told: { first: SECOND, longest: MINUTE },
  short: { first: MINUTE, longest: 30 * MINUTE },
} as const;

export interface RestCase {
  readonly rest: Rest;
  readonly code: FailureCode;
  readonly seen: Observation;
  readonly facts: AccountFacts;
  readonly now: number;
}

/** Epoch ms at which the rest ends; undefined when nobody rests. */
export function restUntil({ rest, code, seen, facts, now }: RestCase): number | undefined {
  if (rest === "none") return undefined;
  if (rest === "half_day") return now + 12 * HOUR;
  const told = toldUntil(rest, seen, now);
  if (told !== null) return told;
  const ladder = LADDERS[rest];
  return now + Math.min(ladder.first * 2 ** strikesOf(facts, code), ladder.longest);
}

/** Refusals of one kind in a row, the latest of which may have ended. */
export function strikesOf(facts: AccountFacts, code: FailureCode): number {
  return facts.blocks.find((block) => block.code === code)?.strikes ?? 0;
}

function toldUntil(rest: Rest, seen: Observation, now: number): number | null {
  const isSane = seen.resetsAt !== null && seen.resetsAt > now && seen.resetsAt - now <= FARTHEST_RESET;
  if (isSane && seen.resetsAt !== null) return seen.resetsAt;
  if (seen.retryAfterMs !== null && seen.retryAfterMs <= FARTHEST_RESET) return now + seen.retryAfterMs;
  const spoken = rest === "as_told" ? spokenWaitMs(seen.message) : null;
  return spoken === null ? null : now + spoken;
}

/** The wait in texts like "Please try again in 1.5s", "in 6m0s" or "in 250ms"; null when there is none. */
export function spokenWaitMs(message: string): number | null {
  const spoken = /try again in ((?:\d+(?:\.\d+)?(?:ms|h|m|s))+)/.exec(message)?.[1];
  if (spoken === undefined) return null;
  const units: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR };
  let total = 0;
  for (const [, amount, unit] of spoken.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) {
    total += Number(amount) * (units[unit ?? ""] ?? 0);
  }
  return Math.ceil(total);
}
