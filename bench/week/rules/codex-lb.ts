// Soju06/codex-lb at d4b00fd05: capacity_weighted (its default), usage_weighted, relative_availability and reset_drain,
// health tiers before them, and durable bindings that move only for cause.

import type { Plan } from "../quota.ts";
import { seeded } from "../random.ts";
import type { Member } from "../rule.ts";
import { DAY, MINUTE, SECOND } from "../time.ts";
import { type Going, isOpen, type Known, type Occasion, type Policy, resetOf, rest, Rival, used } from "./rival.ts";

export type LbStrategy = "capacity_weighted" | "usage_weighted" | "relative_availability" | "reset_drain";

const POLL_EVERY = MINUTE;
const DRAIN_SHORT = 85;
const DRAIN_LONG = 90;
const QUIET = MINUTE;
/** A bound account whose window is this full is left for one that is not. */
const MOVE_FROM = { short: 95, long: 100 };
/** From so many faults in a row on, an account rests; longer with each one more. */
const FAULTS = 3;
const TRIES_ON_FAULT = 3;
const TOP = 5;
const FLOOR = 5 * MINUTE;

interface Health {
  errors: number[];
  tier: "healthy" | "draining" | "probing";
  successes: number;
}

export function codexLb(members: readonly Member[], strategy: LbStrategy): Rival {
  return new Rival(members, new Lb(strategy));
}

class Lb implements Policy {
  readonly pollEveryMs = POLL_EVERY;
  readonly #strategy: LbStrategy;
  readonly #random = seeded(17);
  readonly #bound = new Map<number, number>();
  readonly #health = new Map<number, Health>();

  constructor(strategy: LbStrategy) {
    this.#strategy = strategy;
  }

  choose(accounts: readonly Known[], going: Going, now: number): Known | null {
    const open = accounts.filter((account) => isOpen(account, going, now) && !isUsedUp(account, now));
    const own = this.#bound.get(going.request.conversation);
    const bound = own === undefined ? undefined : open.find(({ index }) => index === own);
    if (bound !== undefined && !this.#shouldMove(bound, open, now)) return bound;
    const chosen = this.#best(open, now);
    // A substitute for one who is only away for the moment leaves the binding as it is.
    const isAway = own !== undefined && bound === undefined && !(accounts[own] as Known).needsSignIn;
    if (chosen !== null && !isAway) this.#bound.set(going.request.conversation, chosen.index);
    return chosen;
  }

  patience(accounts: readonly Known[], { request, waitedMs }: Going, now: number): number | null {
    const own = accounts[this.#bound.get(request.conversation) ?? -1];
    const ms = own === undefined ? 0 : own.restsUntil - now;
    return ms > 0 && ms <= 10 * SECOND && waitedMs === 0 ? ms : null;
  }

  refused({ account, kind, toldMs, now, onThis }: Occasion): "next" | { sameAfterMs: number } {
    this.#healthOf(account).errors.push(now);
    switch (kind) {
      case "usage_limit":
        rest(account, toldMs ?? 2 * MINUTE, now);
        return "next";
      case "rate_limit":
        rest(account, Math.max(30 * SECOND, toldMs ?? 0), now);
        return "next";
      case "credential":
        account.needsSignIn = true;
        return "next";
      case "server":
        account.strikes += 1;
        if (account.strikes >= FAULTS)
          rest(account, Math.min(5 * MINUTE, 30 * SECOND * 2 ** (account.strikes - FAULTS)), now);
        return onThis < TRIES_ON_FAULT ? { sameAfterMs: 0.2 * SECOND * 2 ** (onThis - 1) } : "next";
    }
  }

  ended(account: Known): void {
    this.#healthOf(account).successes += 1;
    account.strikes = 0;
  }

  #shouldMove(bound: Known, open: readonly Known[], now: number): boolean {
    return isOverBudget(bound, now) && open.some((other) => !isOverBudget(other, now));
  }

  #best(open: readonly Known[], now: number): Known | null {
    const tiers = open.map((account) => ({ account, tier: this.#tier(account, now) }));
    for (const wanted of ["probing", "healthy", "draining"]) {
      const group = tiers.filter(({ tier }) => tier === wanted).map(({ account }) => account);
      // A probe goes first only when one is due: nobody has asked the account for a while.
      const due = wanted === "probing" ? group.filter(({ askedAt }) => now - askedAt >= QUIET) : group;
      if (due.length > 0) return this.#among(due, now);
    }
    return open[0] === undefined ? null : this.#among(open, now);
  }

  #among(group: readonly Known[], now: number): Known {
    switch (this.#strategy) {
      case "capacity_weighted":
        return this.#drawn(group, (account) => leftCredits(account, now));
      case "usage_weighted":
        return least(group, (account) => [
          used(account, "long", now) ?? 0,
          used(account, "short", now) ?? 0,
          account.askedAt,
        ]);
      case "relative_availability": {
        const score = (account: Known): number =>
          (leftCredits(account, now) / Math.max(FLOOR, untilReset(account, now))) ** 2;
        return this.#drawn(group.toSorted((left, right) => score(right) - score(left)).slice(0, TOP), score);
      }
      case "reset_drain":
        return least(group, (account) => [
          Math.floor(untilReset(account, now) / DAY),
          used(account, "long", now) ?? 0,
          used(account, "short", now) ?? 0,
          account.askedAt,
        ]);
    }
  }

  #drawn(group: readonly Known[], weigh: (account: Known) => number): Known {
    const weights = group.map(weigh);
    let open = this.#random() * weights.reduce((sum, weight) => sum + weight, 0);
    const index = weights.findIndex((weight) => (open -= weight) < 0);
    return group[Math.max(0, index)] as Known;
  }

  #tier(account: Known, now: number): Health["tier"] {
    const health = this.#healthOf(account);
    health.errors = health.errors.filter((at) => now - at < QUIET);
    const isFull = (used(account, "short", now) ?? 0) >= DRAIN_SHORT || (used(account, "long", now) ?? 0) >= DRAIN_LONG;
    if (isFull || health.errors.length >= 2) {
      health.tier = "draining";
      health.successes = 0;
    } else if (health.tier === "draining" && health.errors.length === 0) {
      health.tier = "probing";
      health.successes = 0;
    } else if (health.tier === "probing" && health.successes >= 3) health.tier = "healthy";
    return health.tier;
  }

  #healthOf({ index }: Known): Health {
    const known = this.#health.get(index) ?? { errors: [], tier: "healthy", successes: 0 };
    this.#health.set(index, known);
    return known;
  }
}

function isUsedUp(account: Known, now: number): boolean {
  return fullest(account, now) >= 100;
}

function fullest(account: Known, now: number): number {
  return Math.max(used(account, "short", now) ?? 0, used(account, "long", now) ?? 0);
}

function isOverBudget(account: Known, now: number): boolean {
  return (used(account, "short", now) ?? 0) >= MOVE_FROM.short || (used(account, "long", now) ?? 0) >= MOVE_FROM.long;
}

const WEEKS: Readonly<Record<Plan, number>> = { free: 1134, plus: 7560, team: 7560, pro: 50_400 };

function leftCredits(account: Known, now: number): number {
  return Math.max(0.01, WEEKS[account.plan] * (1 - (used(account, "long", now) ?? 0) / 100));
}

function untilReset(account: Known, now: number): number {
  return (resetOf(account, "long", now) ?? now + 7 * DAY) - now;
}

function least(group: readonly Known[], key: (account: Known) => readonly number[]): Known {
  return group.reduce((best, account) => (isLess(key(account), key(best)) ? account : best));
}

function isLess(left: readonly number[], right: readonly number[]): boolean {
  for (const [index, value] of left.entries()) {
    const other = right[index] as number;
    if (value !== other) return value < other;
  }
  return false;
}
