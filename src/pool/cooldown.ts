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

/** A wait longer than this is a mistake of the upstream (seen in public reports). */
const LONGEST_WAIT = 366 * DAY;

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

export interface RestEnd {
  /** Epoch ms. */
  readonly until: number;
  /** Whether the upstream named it. */
  readonly isUntilTold: boolean;
}

/** When the rest ends; null when nobody rests. */
export function restEnd({ rest, code, seen, facts, now }: RestCase): RestEnd | null {
  if (rest === "none") return null;
  if (rest === "half_day") return { until: now + 12 * HOUR, isUntilTold: false };
  const told = toldUntil(rest, seen, now);
  if (told !== null) return { until: told, isUntilTold: true };
  const ladder = LADDERS[rest];
  const wait = Math.min(ladder.first * 2 ** strikesOf(facts, code, now), ladder.longest);
  return { until: now + wait, isUntilTold: false };
}

/**
 * Refusals of one kind in a row before this one. What is refused while a block still runs was under way when the block
 * began and belongs to the same refusal: a burst climbs the ladder once.
 */
export function strikesOf(facts: AccountFacts, code: FailureCode, now: number): number {
  const block = facts.blocks.findLast((other) => other.code === code);
  if (block === undefined) return 0;
  return block.until > now ? block.strikes - 1 : block.strikes;
}

/** Whether a wait that an upstream asks for can be meant. */
export function isPlausibleWait(ms: number): boolean {
  return ms >= 1 && ms <= LONGEST_WAIT;
}

function toldUntil(rest: Rest, seen: Observation, now: number): number | null {
  const waits = [
    seen.resetsAt === null ? null : seen.resetsAt - now,
    seen.retryAfterMs,
    rest === "as_told" ? spokenWaitMs(seen.message) : null,
  ];
  const told = waits.find((wait) => wait !== null && isPlausibleWait(wait));
  return typeof told === "number" ? now + told : null;
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
