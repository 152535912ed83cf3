// How an account is doing, in the words people use: one state with its reason and its end. Derived from the five facts;
// the choice of an account never looks at it.

import type { AccountState } from "../contract/reasons.ts";
import type { AccountFacts, Block, PoolAccount, Reading, Window } from "./account.ts";

export interface Availability {
  readonly state: AccountState;
  /** The code behind it, when there is one: of the refusal, or of the issuer's word. */
  readonly reason: string | null;
  /** Length of the window that is low or used up, in minutes. */
  readonly windowMinutes: number | null;
  /** Epoch ms since which it is so, as far as that is known. */
  readonly since: number | null;
  /** Epoch ms at which it ends by itself; null when waiting does not help, or nothing is wrong. */
  readonly until: number | null;
}

export interface AvailabilityTerms {
  /** Epoch ms. */
  readonly now: number;
  /** From this use of its fullest window on an account is low. */
  readonly lowPercent: number;
  /** A reading older than this tells nothing any more, unless the account has served since. */
  readonly staleMs: number;
}

export const usualTerms = { lowPercent: 80, staleMs: 24 * 60 * 60_000 } as const;

/** Refusals that mean that a quota is used up; others mean a pause. */
const QUOTA_CODES: ReadonlySet<string> = new Set(["usage_limit_reached", "insufficient_quota", "usage_not_included"]);

const nothing = { reason: null, windowMinutes: null, since: null, until: null };

export function availability(account: PoolAccount, terms: AvailabilityTerms): Availability {
  const { facts, isEnabled } = account;
  if (!isEnabled) return { ...nothing, state: "disabled" };
  return loginTrouble(facts) ?? heldBack(facts, terms.now) ?? byReading(facts, terms);
}

/** Windows as they stand now, the shortest first: one whose reset has passed is empty. */
export function currentWindows(reading: Reading | null, now: number): Window[] {
  const windows = reading?.windows ?? [];
  return windows
    .map((window) => (window.resetsAt !== null && window.resetsAt <= now ? { ...window, usedPercent: 0 } : window))
    .toSorted((left, right) => left.minutes - right.minutes);
}

/** The window with the most used of it; null when none is known. */
export function fullestWindow(windows: readonly Window[]): Window | null {
  return windows.reduce<Window | null>(
    (fullest, window) => (fullest === null || window.usedPercent > fullest.usedPercent ? window : fullest),
    null,
  );
}

function loginTrouble({ login }: AccountFacts): Availability | null {
  if (login.state === "ok") return null;
  const state = login.state === "sign_in" ? "sign_in" : "no_access";
  return { ...nothing, state, reason: login.code ?? login.state, since: login.since };
}

function heldBack(facts: AccountFacts, now: number): Availability | null {
  const blocks = facts.blocks.filter((block) => block.model === null && block.until > now);
  const latest = blocks.reduce<Block | null>(
    (latest, block) => (latest === null || block.until > latest.until ? block : latest),
    null,
  );
  if (latest !== null) {
    const { code, since, until } = latest;
    const isQuota = QUOTA_CODES.has(code);
    const windowMinutes = isQuota ? windowBehind(facts.reading, until, now) : null;
    return { state: isQuota ? "exhausted" : "cooling", reason: code, windowMinutes, since, until };
  }
  if (facts.avoid === null || facts.avoid.until <= now) return null;
  const { since, until } = facts.avoid;
  return { state: "exhausted", reason: null, windowMinutes: windowBehind(facts.reading, until, now), since, until };
}

/** The window that a refusal is about: the one that resets when the refusal ends, else the fullest. */
function windowBehind(reading: Reading | null, until: number, now: number): number | null {
  const windows = currentWindows(reading, now);
  const sameEnd = windows.find(({ resetsAt }) => resetsAt !== null && Math.abs(resetsAt - until) <= 60_000);
  return (sameEnd ?? fullestWindow(windows.filter(({ usedPercent }) => usedPercent >= 100)))?.minutes ?? null;
}

function byReading({ reading, health }: AccountFacts, { now, lowPercent, staleMs }: AvailabilityTerms): Availability {
  const heardAt = Math.max(reading?.at ?? 0, health.succeededAt ?? 0);
  if (now - heardAt >= staleMs) return { ...nothing, state: "unknown", since: heardAt === 0 ? null : heardAt };
  const fullest = fullestWindow(currentWindows(reading, now));
  if (fullest === null || fullest.usedPercent < lowPercent) return { ...nothing, state: "ready" };
  const state = fullest.usedPercent >= 100 ? "exhausted" : "low";
  const since = reading?.at ?? null;
  return { ...nothing, state, windowMinutes: fullest.minutes, since, until: fullest.resetsAt };
}
