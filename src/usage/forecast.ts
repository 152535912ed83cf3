// When quota windows run dry at the present rate: of one account, and of the pool as a whole. Pure; the readings are
// passed in. Where too little is known, that is the answer.

import type { PoolAccount, Window } from "../pool/account.ts";
import { type Availability, availability, type AvailabilityTerms } from "../pool/availability.ts";
import { usedNow } from "../pool/capacity.ts";

/** What one reading said of one window. */
export interface Point {
  /** Epoch ms. */
  readonly at: number;
  readonly minutes: number;
  readonly usedPercent: number;
  readonly resetsAt: number | null;
}

/** `runs_dry` before its reset; `lasts` until then; `used_up` already; `not_enough_data` to tell. */
export type Outlook = "runs_dry" | "lasts" | "used_up" | "not_enough_data";

export interface WindowForecast {
  readonly minutes: number;
  readonly usedPercent: number;
  /** Epoch ms, like all times here. */
  readonly resetsAt: number | null;
  readonly outlook: Outlook;
  /** Only when it runs dry. */
  readonly runsDryAt: number | null;
  /** Percent of the window an hour; null when there are too few readings. */
  readonly ratePerHour: number | null;
  /** The readings behind the rate. */
  readonly readings: number;
  readonly from: number | null;
  readonly to: number | null;
}

export interface AccountForecast {
  readonly account: PoolAccount;
  readonly availability: Availability;
  /** The shortest first. */
  readonly windows: readonly WindowForecast[];
}

const HOUR_MS = 3_600_000;
/** A rate takes so many readings over so long a time. */
const FEWEST_READINGS = 3;
const SHORTEST_MS = 10 * 60_000;
/** Resets are told anew with each reading and wander by seconds. */
const SAME_RESET_MS = 5 * 60_000;

/** `points` in any order, of any windows of this account. */
export function accountForecast(
  account: PoolAccount,
  points: readonly Point[],
  terms: AvailabilityTerms,
): AccountForecast {
  const seen = availability(account, terms);
  const { reading } = account.facts;
  const newest = reading === null ? [] : reading.windows.map((window) => ({ ...window, at: reading.at }));
  const windows = newest
    .map((window) => windowForecast(window, [...points, ...newest], { now: terms.now, isUsedUp: isOut(seen, window) }))
    .toSorted((left, right) => left.minutes - right.minutes);
  return { account, availability: seen, windows };
}

/** Whether a refusal or an announcement says that this window is used up, whatever the percentage. */
function isOut({ state, windowMinutes }: Availability, { minutes }: Window): boolean {
  return state === "exhausted" && (windowMinutes === null || windowMinutes === minutes);
}

function windowForecast(
  window: Window,
  points: readonly Point[],
  { now, isUsedUp }: { readonly now: number; readonly isUsedUp: boolean },
): WindowForecast {
  const { minutes, resetsAt } = window;
  const usedPercent = isUsedUp ? 100 : usedNow(window, now);
  const isOver = resetsAt !== null && resetsAt <= now;
  const own = isOver ? [] : presentPoints(window, points);
  const ratePerHour = rateOf(own);
  const plain = { minutes, usedPercent, resetsAt: isOver ? null : resetsAt, ratePerHour, readings: own.length };
  const facts = { ...plain, from: own[0]?.at ?? null, to: own.at(-1)?.at ?? null, runsDryAt: null };
  if (usedPercent >= 100) return { ...facts, outlook: "used_up" };
  if (ratePerHour === null) return { ...facts, outlook: "not_enough_data" };
  const dryAt = now + ((100 - usedPercent) / ratePerHour) * HOUR_MS;
  const isBeforeReset = Number.isFinite(dryAt) && (resetsAt === null || dryAt < resetsAt);
  return isBeforeReset ? { ...facts, outlook: "runs_dry", runsDryAt: dryAt } : { ...facts, outlook: "lasts" };
}

/** Readings of the window as it runs now, the oldest first, each time once. */
function presentPoints({ minutes, resetsAt }: Window, points: readonly Point[]): Point[] {
  const byTime = new Map<number, Point>();
  for (const point of points) {
    const isSameReset =
      resetsAt === null || point.resetsAt === null || Math.abs(point.resetsAt - resetsAt) <= SAME_RESET_MS;
    if (point.minutes === minutes && isSameReset) byTime.set(point.at, point);
  }
  return [...byTime.values()].toSorted((left, right) => left.at - right.at);
}

/**
 * The mean rise. Inside a window use only grows, so the ends tell the rate; each end is held against its neighbour, and
 * a single reading that is off changes nothing.
 */
function rateOf(points: readonly Point[]): number | null {
  const [first, second] = points;
  const last = points.at(-1);
  const beforeLast = points.at(-2);
  if (points.length < FEWEST_READINGS || !first || !second || !last || !beforeLast) return null;
  const elapsedMs = last.at - first.at;
  if (elapsedMs < SHORTEST_MS) return null;
  const rise = Math.max(last.usedPercent, beforeLast.usedPercent) - Math.min(first.usedPercent, second.usedPercent);
  return (Math.max(0, rise) / elapsedMs) * HOUR_MS;
}
