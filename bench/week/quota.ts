// The truth about one account's quota: windows that begin with the first use after their reset, and what is spent in
// them. Rules never see this; they see readings and refusals.

import type { Window } from "../../src/pool/account.ts";
import { FIVE_HOURS_MINUTES, MINUTE, WEEK_MINUTES } from "./time.ts";

export type Plan = "plus" | "team" | "pro" | "free";

/**
 * Credits of the five-hour and the weekly window, as Soju06/codex-lb weighs the plans (commit d4b00fd05). The free plan has one
 * window.
 */
const CAPACITIES: Readonly<Record<Plan, { readonly fiveHours: number | null; readonly week: number }>> = {
  free: { fiveHours: null, week: 1134 },
  plus: { fiveHours: 225, week: 7560 },
  team: { fiveHours: 225, week: 7560 },
  pro: { fiveHours: 1500, week: 50_400 },
};

export function fiveHourCredits(plan: Plan): number {
  return CAPACITIES[plan].fiveHours ?? 0;
}

export class QuotaWindow {
  readonly minutes: number;
  readonly capacity: number;
  /** Null until the first use after a reset. */
  resetsAt: number | null = null;
  used = 0;
  /** The part of it that would have been spent had every turn found its prompt cached. */
  useful = 0;

  constructor(minutes: number, capacity: number) {
    this.minutes = minutes;
    this.capacity = capacity;
  }

  /** Takes note that time has passed. */
  roll(now: number): void {
    if (this.resetsAt === null || now < this.resetsAt) return;
    this.resetsAt = null;
    this.used = 0;
    this.useful = 0;
  }

  begin(now: number): void {
    this.roll(now);
    this.resetsAt ??= now + this.minutes * MINUTE;
  }

  spend(credits: number, useful: number, now: number): void {
    this.begin(now);
    this.used += credits;
    this.useful += useful;
  }

  left(now: number): number {
    this.roll(now);
    return Math.max(0, this.capacity - this.used);
  }

  /** As the upstream tells it: whole percents; a window that nobody has begun seems to begin now. */
  told(now: number): Window {
    this.roll(now);
    const usedPercent = Math.min(100, Math.floor((100 * this.used) / this.capacity));
    return { minutes: this.minutes, usedPercent, resetsAt: this.resetsAt ?? now + this.minutes * MINUTE };
  }
}

export class Quota {
  readonly windows: readonly QuotaWindow[];
  /** The longest window. */
  readonly week: QuotaWindow;
  /** The reset of the week that was running when the simulation began, and what had been spent in it by then. */
  readonly firstResetAt: number;
  readonly #usefulBefore: number;
  #usefulOfFirst = 0;

  /** `weekShare` makes the week smaller than the plan's, for worlds in which it is what runs out. */
  constructor(plan: Plan, { weekShare, used, resetsAt }: { weekShare: number; used: number; resetsAt: number }) {
    const { fiveHours, week } = CAPACITIES[plan];
    this.week = new QuotaWindow(WEEK_MINUTES, week * weekShare);
    this.week.resetsAt = resetsAt;
    this.week.used = used * this.week.capacity;
    this.firstResetAt = resetsAt;
    this.#usefulBefore = this.week.useful;
    this.windows = fiveHours === null ? [this.week] : [new QuotaWindow(FIVE_HOURS_MINUTES, fiveHours), this.week];
  }

  /** The time at which the last of the full windows resets; null while all have room. */
  fullUntil(now: number): number | null {
    let until: number | null = null;
    for (const window of this.windows) {
      if (window.left(now) > 0 || window.resetsAt === null) continue;
      if (until === null || window.resetsAt > until) until = window.resetsAt;
    }
    return until;
  }

  begin(now: number): void {
    for (const window of this.windows) window.begin(now);
  }

  spend(credits: number, useful: number, now: number): void {
    for (const window of this.windows) window.spend(credits, useful, now);
    if (now < this.firstResetAt) this.#usefulOfFirst = this.week.useful - this.#usefulBefore;
  }

  /** Useful credits spent in the first week before its reset. */
  get usefulBeforeReset(): number {
    return this.#usefulOfFirst;
  }

  left(now: number): number {
    return Math.min(...this.windows.map((window) => window.left(now)));
  }

  told(now: number): readonly Window[] {
    return this.windows.map((window) => window.told(now));
  }
}
