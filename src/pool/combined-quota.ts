// What several accounts can give together, as if they were one: for clients that know of one account only.

import { type Credits, type PoolAccount, type Reading, type Window } from "./account.ts";
import { planWeight, usedNow, windowCapacity } from "./capacity.ts";
import { isFree, isQuotaBlock, mayProbe } from "./eligibility.ts";

export interface CombinedLimits {
  /**
   * At most two, the shorter first: those lengths that most of the accounts have, counted by the size of their plans.
   * `usedPercent` is the mean, weighted by what each plan holds; `resetsAt` the earliest reset that gives something back.
   */
  readonly windows: readonly Window[];
  readonly isLimitReached: boolean;
}

export interface CombinedQuota extends CombinedLimits {
  /** The largest of them; null when none is known. */
  readonly plan: string | null;
  /** The sum, null when no account tells of credits. */
  readonly credits: Credits | null;
  readonly resetCredits: number;
  /** Quotas beside the main one, by family. */
  readonly others: ReadonlyMap<string, CombinedLimits>;
}

interface Share {
  readonly plan: string | null;
  readonly window: Window;
}

/** Accounts that are switched off or need their user are no part of it; of those nothing is known about, nothing is assumed. */
export function combineQuota(accounts: readonly PoolAccount[], now: number): CombinedQuota {
  const members = accounts.filter(({ isEnabled, facts }) => isEnabled && facts.login.state === "ok");
  const main = members.flatMap((account) => {
    const { reading } = account.facts;
    return reading === null ? [] : sharesOf(account, reading, now);
  });
  const canServe = members.some((account) => isFree(account, null, now) || mayProbe(account, null, now));
  const readings = members.flatMap(({ facts }) => facts.reading ?? []);
  return {
    windows: combineWindows(main, now),
    isLimitReached: members.length > 0 && !canServe,
    plan: largestPlan(members),
    credits: sumOfCredits(readings.flatMap(({ credits }) => credits ?? [])),
    resetCredits: readings.reduce((sum, { resetCredits }) => sum + (resetCredits ?? 0), 0),
    others: combineOthers(members, now),
  };
}

function combineOthers(members: readonly PoolAccount[], now: number): ReadonlyMap<string, CombinedLimits> {
  const readings = members.flatMap(({ plan, facts }) => facts.otherReadings.map((reading) => ({ plan, reading })));
  const families = Map.groupBy(readings, ({ reading }) => reading.family);
  return new Map(
    [...families].map(([family, group]) => {
      const shares = group.flatMap(({ plan, reading }) => reading.windows.map((window) => ({ plan, window })));
      const isLimitReached = group.every(({ reading }) => reading.isLimitReached);
      return [family, { windows: combineWindows(shares, now), isLimitReached }];
    }),
  );
}

/** An account that is used up until some time gives nothing before it, whatever its shorter windows say. */
function sharesOf(account: PoolAccount, reading: Reading, now: number): Share[] {
  const plan = planOf(account);
  const usedUp = reading.windows.filter((window) => usedNow(window, now) >= 100).map(({ resetsAt }) => resetsAt ?? 0);
  const blocks = account.facts.blocks.filter((block) => isQuotaBlock(block) && block.model === null);
  const closedUntil = Math.max(now, ...usedUp, ...blocks.map(({ until }) => until));
  return reading.windows.map((window) => {
    const isClosed = window.resetsAt !== null && window.resetsAt > now && window.resetsAt <= closedUntil;
    return { plan, window: { ...window, usedPercent: isClosed ? 100 : usedNow(window, now) } };
  });
}

function combineWindows(shares: readonly Share[], now: number): readonly Window[] {
  const lengths = Map.groupBy(shares, ({ window }) => window.minutes);
  const weightOf = (group: readonly Share[]) => group.reduce((sum, { plan }) => sum + planWeight(plan), 0);
  return [...lengths]
    .toSorted(([, left], [, right]) => weightOf(right) - weightOf(left))
    .slice(0, 2)
    .map(([minutes, group]) => combineWindow(minutes, group, now))
    .toSorted((left, right) => left.minutes - right.minutes);
}

function combineWindow(minutes: number, group: readonly Share[], now: number): Window {
  let capacity = 0;
  let used = 0;
  for (const { plan, window } of group) {
    capacity += windowCapacity(plan, minutes);
    used += windowCapacity(plan, minutes) * window.usedPercent;
  }
  const ahead = group.map(({ window }) => window).filter(({ resetsAt }) => resetsAt !== null && resetsAt > now);
  const giving = ahead.filter(({ usedPercent }) => usedPercent > 0);
  const resets = (giving.length > 0 ? giving : ahead).map(({ resetsAt }) => resetsAt ?? now);
  return { minutes, usedPercent: used / capacity, resetsAt: resets.length === 0 ? null : Math.min(...resets) };
}

function largestPlan(members: readonly PoolAccount[]): string | null {
  const plans = members.flatMap((account) => planOf(account) ?? []);
  return plans.toSorted((left, right) => planWeight(right) - planWeight(left))[0] ?? null;
}

function planOf({ plan, facts }: PoolAccount): string | null {
  return facts.reading?.plan ?? plan;
}

function sumOfCredits(all: readonly Credits[]): Credits | null {
  if (all.length === 0) return null;
  const balance = all.reduce((sum, each) => sum + (Number(each.balance) || 0), 0);
  return {
    hasCredits: all.some(({ hasCredits }) => hasCredits),
    isUnlimited: all.some(({ isUnlimited }) => isUnlimited),
    balance: balance.toFixed(2),
  };
}
