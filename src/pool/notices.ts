// When somebody should be told about the pool: what was seen before and after a look, and what of it is news. Pure; what was
// told already is the mood, which the caller keeps.

import type { NoticeFacts } from "../contract/notice.ts";
import type { AccountState } from "../contract/reasons.ts";
import { accountStates } from "../contract/reasons.ts";
import type { PoolAccount, Reading } from "./account.ts";
import type { Availability, AvailabilityTerms } from "./availability.ts";
import { availability, currentWindows, fullestWindow } from "./availability.ts";

/** One account as it was seen in a look. */
export interface AccountSight {
  readonly id: string;
  readonly label: string;
  readonly availability: Availability;
  /** Quota left in its fullest window, 0 to 100; null when that is not known. */
  readonly remainingPercent: number | null;
}

/** The pool as it was seen in a look. */
export interface PoolSight {
  readonly byState: Readonly<Record<AccountState, number>>;
  /** Accounts that are switched on. */
  readonly enabled: number;
  /** Those of them that can serve now, or within a minute. */
  readonly able: number;
  /** On average over the accounts whose use is known. */
  readonly remainingPercent: number | null;
  /** Epoch ms at which the first account that cannot serve comes back by itself. */
  readonly firstBackAt: number | null;
}

/** `recovering` is low after having been exhausted: that somebody can serve again was told, that it is low need not be. */
export type PoolMood = "fine" | "low" | "exhausted" | "recovering";

export interface NoticeThresholds {
  /** Low with fewer able accounts than this. */
  readonly lowReady: number;
  /** Low with less quota left than this. */
  readonly lowPercent: number;
}

/** A pause shorter than this is no news. */
const briefMs = 60_000;
/** What the pool has to have above the thresholds before it is called fine again. */
const margin = { ready: 1, percent: 5 };

const noQuota: ReadonlySet<AccountState> = new Set(["exhausted", "sign_in", "no_access"]);
const needsYou: ReadonlySet<AccountState> = new Set(["sign_in", "no_access"]);
const able: ReadonlySet<AccountState> = new Set(["ready", "low", "unknown"]);

export function accountSight(account: PoolAccount, terms: AvailabilityTerms): AccountSight {
  const seen = availability(account, terms);
  const { id, label, facts } = account;
  return { id, label, availability: seen, remainingPercent: remaining(seen.state, facts.reading, terms.now) };
}

function remaining(state: AccountState, reading: Reading | null, now: number): number | null {
  if (state === "disabled" || state === "unknown") return null;
  if (noQuota.has(state)) return 0;
  const fullest = fullestWindow(currentWindows(reading, now));
  return fullest === null ? null : 100 - fullest.usedPercent;
}

export function poolSight(accounts: Iterable<AccountSight>, now: number): PoolSight {
  const byState = Object.fromEntries(accountStates.map((state) => [state, 0])) as Record<AccountState, number>;
  let [enabledCount, ableCount, known, sum] = [0, 0, 0, 0];
  let firstBackAt: number | null = null;
  for (const { availability: seen, remainingPercent } of accounts) {
    byState[seen.state] += 1;
    if (seen.state === "disabled") continue;
    enabledCount += 1;
    if (isAble(seen, now)) ableCount += 1;
    else if (seen.until !== null) firstBackAt = Math.min(firstBackAt ?? Infinity, seen.until);
    if (remainingPercent === null) continue;
    known += 1;
    sum += remainingPercent;
  }
  const remainingPercent = known === 0 ? null : sum / known;
  return { byState, enabled: enabledCount, able: ableCount, remainingPercent, firstBackAt };
}

function isAble({ state, until }: Availability, now: number): boolean {
  return able.has(state) || (until !== null && until - now < briefMs);
}

/** What is news about one account. A new one and one just switched on are the user's own doing. */
export function accountNotice(
  before: AccountSight | null,
  after: AccountSight | null,
  pool: PoolSight,
): NoticeFacts | null {
  if (before === null || after === null) return null;
  const [was, is] = [before.availability, after.availability];
  if (was.state === "disabled") return null;
  const account = { id: after.id, label: after.label };
  if (needsYou.has(is.state) && was.state !== is.state) {
    return notice("account_needs_you", pool, { account, reason: is.reason ?? is.state });
  }
  if (was.state === "exhausted" && able.has(is.state)) {
    return notice("window_reset", pool, { account, windowMinutes: was.windowMinutes });
  }
  return null;
}

/** The mood that a look puts the pool in. To be called fine again it needs more than not to be called low. */
export function poolMood(before: PoolMood, pool: PoolSight, thresholds: NoticeThresholds): PoolMood {
  if (pool.enabled === 0) return "fine";
  if (pool.able === 0) return "exhausted";
  const wasFine = before === "fine";
  const ready = thresholds.lowReady + (wasFine ? 0 : margin.ready);
  const percent = thresholds.lowPercent + (wasFine || thresholds.lowPercent === 0 ? 0 : margin.percent);
  const isShort = thresholds.lowReady > 0 && pool.able < Math.min(ready, pool.enabled);
  const isLow = isShort || (pool.remainingPercent !== null && pool.remainingPercent < percent);
  if (!isLow) return "fine";
  return before === "exhausted" || before === "recovering" ? "recovering" : "low";
}

/** What is news about the pool when its mood changes. */
export function poolNotice(before: PoolMood, after: PoolMood, pool: PoolSight): NoticeFacts | null {
  if (before === after) return null;
  if (after === "low") return notice("pool_low", pool, {});
  if (after === "exhausted") return notice("pool_exhausted", pool, { until: pool.firstBackAt });
  const isTold = before === "recovering";
  return isTold || pool.enabled === 0 ? null : notice("pool_recovered", pool, {});
}

type Particulars = Partial<Pick<NoticeFacts, "account" | "reason" | "windowMinutes" | "until">>;

function notice(code: NoticeFacts["code"], pool: PoolSight, more: Particulars): NoticeFacts {
  const { able: ableCount, enabled, remainingPercent } = pool;
  return {
    code,
    account: null,
    reason: null,
    windowMinutes: null,
    until: null,
    able: ableCount,
    enabled,
    remainingPercent,
    ...more,
  };
}
