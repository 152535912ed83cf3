// How much an account can still give: what its plan holds, what is left of each window, and how fast that may be spent.
// Units are credits as Soju06/codex-lb counts them (commit d4b00fd05): a Plus account has 225 in five hours and 7560 in
// a week, which is the same 45 an hour.

import type { AccountFacts, PoolAccount, Window } from "./account.ts";

const HOUR_MS = 60 * 60_000;
const FIVE_HOURS = 300;
const WEEK = 10_080;

/** Credits of one five-hour and one weekly window. */
const CAPACITIES: Readonly<Record<string, readonly [number, number]>> = {
  free: [0, 1134],
  go: [225, 7560],
  plus: [225, 7560],
  business: [225, 7560],
  team: [225, 7560],
  edu: [225, 7560],
  prolite: [1125, 37_800],
  pro: [1500, 50_400],
  enterprise: [1500, 50_400],
};
const USUAL = [225, 7560] as const;

/** Just before its reset a window would seem to demand any pace. */
const SHORTEST_REST = 0.005;
const LEAST_WEIGHT = 1e-6;
/** A window with all its room just before its reset takes no more than twice the usual pace. */
const MOST_ROOM = 2;

/** Credits that a window of this length holds on this plan. */
export function windowCapacity(plan: string | null, minutes: number): number {
  const [fiveHours, week] = CAPACITIES[plan ?? ""] ?? USUAL;
  if (minutes === FIVE_HOURS && fiveHours > 0) return fiveHours;
  return (week * minutes) / WEEK;
}

/** How the plans compare: 1 is Plus. */
export function planWeight(plan: string | null): number {
  return windowCapacity(plan, WEEK) / USUAL[1];
}

/** Percent used of the fullest window as it stands now; 0 when nothing is known. */
export function fullestPercent({ reading }: AccountFacts, now: number): number {
  let fullest = 0;
  for (const window of reading?.windows ?? []) fullest = Math.max(fullest, usedNow(window, now));
  return fullest;
}

/** The longest window, which is the scarce one; null when none is known. */
export function longestWindow({ reading }: AccountFacts): Window | null {
  let longest: Window | null = null;
  for (const window of reading?.windows ?? []) {
    if (longest === null || window.minutes > longest.minutes) longest = window;
  }
  return longest;
}

/** Credits left in the longest window; a full week's when nothing is known. */
export function remainingCredits({ plan, facts }: PoolAccount, now: number): number {
  const window = longestWindow(facts);
  if (window === null) return windowCapacity(plan, WEEK);
  return windowCapacity(plan, window.minutes) * leftNow(window, now);
}

/**
 * What an account's share of new conversations goes by: how fast its longest window has to be spent so that nothing of it
 * expires, squared, for what is lost otherwise, but only once for the size of its plan; times the room in its shortest
 * window, for what would be refused. Never 0, so that it can be divided by. `npm run bench:routing` shows what other formulas cost.
 */
export function shareWeight({ plan, facts }: PoolAccount, now: number): number {
  const longest = longestWindow(facts);
  const pace = longest === null ? windowCapacity(plan, WEEK) / hoursOf(WEEK) : paceOf(plan, longest, now);
  const shortest = shortestWindow(facts);
  const room = shortest === null || shortest === longest ? 1 : roomNow(shortest, now);
  return Math.max((pace ** 2 * room) / planWeight(plan), LEAST_WEIGHT);
}

export function usedNow({ usedPercent, resetsAt }: Window, now: number): number {
  return resetsAt !== null && resetsAt <= now ? 0 : usedPercent;
}

/** Part of the window that is left, 0 to 1. */
function leftNow(window: Window, now: number): number {
  return Math.max(0, 1 - usedNow(window, now) / 100);
}

/** The shortest window, which fills first; null when none is known. */
export function shortestWindow({ reading }: AccountFacts): Window | null {
  let shortest: Window | null = null;
  for (const window of reading?.windows ?? []) {
    if (shortest === null || window.minutes < shortest.minutes) shortest = window;
  }
  return shortest;
}

/** Credits an hour that would just use the window up. */
function paceOf(plan: string | null, window: Window, now: number): number {
  return (windowCapacity(plan, window.minutes) * leftNow(window, now)) / hoursLeft(window, now);
}

/** The part of the window that is left against the part of its time that is left: 1 is used evenly. */
function roomNow(window: Window, now: number): number {
  return Math.min(MOST_ROOM, (leftNow(window, now) * hoursOf(window.minutes)) / hoursLeft(window, now));
}

function hoursOf(minutes: number): number {
  return minutes / 60;
}

function hoursLeft({ minutes, resetsAt }: Window, now: number): number {
  const whole = hoursOf(minutes);
  if (resetsAt === null || resetsAt <= now) return whole;
  return Math.min(whole, Math.max((resetsAt - now) / HOUR_MS, whole * SHORTEST_REST));
}
