// How one account stands at this moment for requests of one kind: whether it may be asked, and before or after whom.

import type { PoolAccount } from "./account.ts";
import { fullestPercent } from "./capacity.ts";
import { isFree, mayProbe, type Skip, whyNot } from "./eligibility.ts";
import { type Filter, passes } from "./filter.ts";
import type { Standing, Strategy } from "./strategy/strategy.ts";

/** What the pool keeps of an account beside its facts; lives as long as the process. */
export interface Entry extends Standing {
  account: PoolAccount;
  place: number;
  inflight: number;
  share: number;
  lastTurn: number;
  /** Above the soft threshold; with a hysteresis, so that it does not flicker. */
  isLow: boolean;
  /** A request is finding out whether it serves again. */
  isProbed: boolean;
}

/** Settings of the user that concern all accounts. */
export interface PoolTerms {
  /** Most requests an account may serve at once unless it says otherwise; 0 sets no limit. */
  readonly maxInflight: number;
  /** From this use of its fullest window on, an account is low; 0 for never. */
  readonly softThresholdPercent: number;
  /** Whether accounts that cost money come after all others. */
  readonly asksLoginsFirst: boolean;
}

/** What a request wants of an account. */
export interface Wanted {
  readonly model: string | null;
  readonly filter: Filter;
}

/** An account that was low is so until it has fallen this far below the threshold. */
const HYSTERESIS_PERCENT = 5;
const MARKS = { burn_first: 0, normal: 1, preserve: 2 } as const;

export function newEntry(account: PoolAccount): Entry {
  return { account, place: 0, inflight: 0, share: 0, lastTurn: 0, isLow: false, isProbed: false };
}

function isAtLimit({ account, inflight }: Entry, { maxInflight }: PoolTerms): boolean {
  const most = account.maxInflight ?? maxInflight;
  return most > 0 && inflight >= most;
}

export function lowAfter({ account, isLow }: Entry, { softThresholdPercent }: PoolTerms, now: number): boolean {
  if (softThresholdPercent === 0) return false;
  const mark = isLow ? softThresholdPercent - HYSTERESIS_PERCENT : softThresholdPercent;
  return fullestPercent(account.facts, now) >= mark;
}

export type Chance = "free" | "probe" | "busy" | "held" | "filtered";

/** Whether the account may be asked now: as it is, as a probe, or not. */
export function chanceOf(entry: Entry, { model, filter }: Wanted, terms: PoolTerms, now: number): Chance {
  const { account } = entry;
  if (!passes(account, filter)) return "filtered";
  const isUnhindered = isFree(account, model, now);
  if (!isUnhindered && (entry.isProbed || !mayProbe(account, model, now))) return "held";
  if (isAtLimit(entry, terms)) return "busy";
  return isUnhindered ? "free" : "probe";
}

/** The same in words; null when the account may be asked. */
export function skipOf(entry: Entry, wanted: Wanted, terms: PoolTerms, now: number): Skip | null {
  const { account } = entry;
  const skip = (reason: Skip["reason"]): Skip => ({ accountId: account.id, reason, until: null });
  switch (chanceOf(entry, wanted, terms, now)) {
    case "filtered":
      return skip("filtered");
    case "busy":
      return skip("busy");
    case "held": {
      const isProbing = entry.isProbed && mayProbe(account, wanted.model, now);
      return isProbing ? skip("probing") : whyNot(account, wanted.model, now);
    }
    default:
      return null;
  }
}

/**
 * What goes before any strategy, as one number, lower first: accounts that cost money come last, before them those that have
 * announced that they are used up, then the user's marks, then those that are low or only just coming back, then the user's priority.
 */
export function precedenceOf(entry: Entry, { sparesLow }: Strategy, terms: PoolTerms, now: number): number {
  const { account, inflight, isLow } = entry;
  const { facts, mark, priority, isPaid } = account;
  const isAvoided = facts.avoid !== null && facts.avoid.until > now;
  const isWarming = facts.health.ramp !== null && inflight >= facts.health.ramp;
  const isSpared = isWarming || (isLow && sparesLow && mark !== "burn_first");
  const isLater = isPaid && terms.asksLoginsFirst;
  return (isLater ? 1e7 : 0) + (isAvoided ? 1e6 : 0) + MARKS[mark] * 1e5 + (isSpared ? 1e4 : 0) + (100 - priority);
}
