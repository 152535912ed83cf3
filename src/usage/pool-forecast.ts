// What the accounts' windows come to for the pool as a whole, weighted by what each plan holds: how much is left, when it
// runs dry at the present rate, and when capacity comes back. Pure.

import { windowCapacity } from "../pool/capacity.ts";
import type { AccountForecast, Outlook, WindowForecast } from "./forecast.ts";

/** All windows of one length. */
export interface PoolWindow {
  readonly minutes: number;
  /** Accounts that have such a window, and those of them whose rate is known. */
  readonly accounts: number;
  readonly measuredAccounts: number;
  /** In credits: a Plus account has 225 in five hours. */
  readonly capacity: number;
  readonly remaining: number;
  readonly remainingPercent: number;
  /** Percent of the whole an hour; null when no account's rate is known. */
  readonly ratePerHour: number | null;
  readonly outlook: Outlook;
  /** Epoch ms, like all times here; only when it runs dry although windows are reset meanwhile. */
  readonly runsDryAt: number | null;
  /** The first reset that gives something back. */
  readonly nextResetAt: number | null;
}

const HOUR_MS = 3_600_000;

/** Accounts that are switched off, or need their user, are not part of it. */
export function poolForecast(accounts: readonly AccountForecast[], now: number): PoolWindow[] {
  const shares = accounts.filter(isPartOfPool).flatMap(({ account, windows }) =>
    windows.map((window) => ({
      ...window,
      capacity: windowCapacity(account.facts.reading?.plan ?? account.plan, window.minutes),
    })),
  );
  return [...Map.groupBy(shares, ({ minutes }) => minutes)]
    .map(([minutes, group]) => windowOfPool(minutes, group, now))
    .toSorted((left, right) => left.minutes - right.minutes);
}

/** When the first account that cannot serve now is back by itself; null when none is waited for. */
export function capacityReturnsAt(accounts: readonly AccountForecast[], now: number): number | null {
  let first: number | null = null;
  for (const { availability } of accounts) {
    const { state, until } = availability;
    if ((state !== "exhausted" && state !== "cooling") || until === null || until <= now) continue;
    if (first === null || until < first) first = until;
  }
  return first;
}

/** Those that run dry first in front; accounts of which nothing runs dry are left out. */
export function firstToRunDry(accounts: readonly AccountForecast[], most: number): AccountForecast[] {
  const dryAt = ({ windows }: AccountForecast) =>
    windows.reduce((first, { runsDryAt }) => Math.min(first, runsDryAt ?? first), Number.POSITIVE_INFINITY);
  return accounts
    .map((forecast) => ({ forecast, at: dryAt(forecast) }))
    .filter(({ at }) => at < Number.POSITIVE_INFINITY)
    .toSorted((left, right) => left.at - right.at)
    .slice(0, most)
    .map(({ forecast }) => forecast);
}

function isPartOfPool({ availability: { state } }: AccountForecast): boolean {
  return state !== "disabled" && state !== "sign_in" && state !== "no_access";
}

interface Share extends WindowForecast {
  readonly capacity: number;
}

function windowOfPool(minutes: number, shares: readonly Share[], now: number): PoolWindow {
  const sum = (of: (share: Share) => number) => shares.reduce((total, share) => total + of(share), 0);
  const measured = shares.filter(({ ratePerHour }) => ratePerHour !== null);
  const capacity = sum((share) => share.capacity);
  const remaining = sum((share) => share.capacity * (1 - share.usedPercent / 100));
  const creditsPerHour =
    measured.length === 0 ? null : sum((share) => (share.capacity * (share.ratePerHour ?? 0)) / 100);
  const runsDryAt = remaining <= 0 || creditsPerHour === null ? null : dryAt(shares, remaining, creditsPerHour, now);
  return {
    minutes,
    accounts: shares.length,
    measuredAccounts: measured.length,
    capacity,
    remaining,
    remainingPercent: capacity === 0 ? 0 : (100 * remaining) / capacity,
    ratePerHour: creditsPerHour === null || capacity === 0 ? null : (100 * creditsPerHour) / capacity,
    outlook: outlookOf(remaining, creditsPerHour, runsDryAt),
    runsDryAt,
    nextResetAt: shares.reduce<number | null>(earliestReset, null),
  };
}

function outlookOf(remaining: number, creditsPerHour: number | null, runsDryAt: number | null): Outlook {
  if (remaining <= 0) return "used_up";
  if (creditsPerHour === null) return "not_enough_data";
  return runsDryAt === null ? "lasts" : "runs_dry";
}

function earliestReset(first: number | null, { resetsAt, usedPercent }: Share): number | null {
  if (resetsAt === null || usedPercent === 0) return first;
  return first === null ? resetsAt : Math.min(first, resetsAt);
}

/** Credits flow out at one rate and come back reset by reset; null when they never reach the bottom. */
function dryAt(shares: readonly Share[], remaining: number, creditsPerHour: number, now: number): number | null {
  const resets = shares
    .flatMap(({ resetsAt, capacity, usedPercent }) =>
      resetsAt === null ? [] : [{ at: resetsAt, credits: (capacity * usedPercent) / 100 }],
    )
    .toSorted((left, right) => left.at - right.at);
  const dryAfter = (from: number, left: number) => from + (left / creditsPerHour) * HOUR_MS;
  let left = remaining;
  let from = now;
  for (const { at, credits } of resets) {
    if (dryAfter(from, left) <= at) return dryAfter(from, left);
    left += credits - (creditsPerHour * (at - from)) / HOUR_MS;
    from = at;
  }
  return resets.length === 0 && creditsPerHour > 0 ? dryAfter(now, remaining) : null;
}
