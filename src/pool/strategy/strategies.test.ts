// Every strategy, by what it promises: over pools of any kind for what holds of all, over telling ones for its own.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { freshFacts, type PoolAccount } from "../account.ts";
import { Candidates } from "../candidates.ts";
import { shareWeight } from "../capacity.ts";
import type { Pool } from "../pool.ts";
import { account, ask, blocked, HOUR, now, pool, reading } from "../testing.ts";
import { afterReading } from "../transitions.ts";
import { strategies, type StrategyName } from "./index.ts";

const names = Object.keys(strategies) as StrategyName[];
const DAY = 24 * HOUR;

interface Use {
  readonly plan?: string;
  readonly fiveHours?: number;
  readonly week?: number;
  /** Until the week resets. */
  readonly weekEndsInMs?: number;
}

/** An account that has used so much of its windows, in percent. */
function using(id: string, { plan = "plus", fiveHours = 0, week = 0, weekEndsInMs = 3 * DAY }: Use): PoolAccount {
  const windows = [
    { minutes: 300, usedPercent: fiveHours, resetsAt: now + 2 * HOUR },
    { minutes: 10_080, usedPercent: week, resetsAt: now + weekEndsInMs },
  ];
  return account(id, { plan, facts: afterReading(freshFacts, reading(windows)) });
}

/** Places so many new conversations one after the other; tells who got each. */
function place(accounts: Pool, strategy: StrategyName, count: number): string[] {
  return Array.from({ length: count }, () => {
    const chosen = new Candidates(accounts, ask({ strategy })).next(now);
    if (chosen === null) throw new Error("nobody can serve");
    accounts.placed(chosen.account.id, now);
    return chosen.account.id;
  });
}

const first = (strategy: StrategyName, ...accounts: PoolAccount[]) => place(pool(accounts), strategy, 1)[0];

function counts(ids: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const id of ids) counted[id] = (counted[id] ?? 0) + 1;
  return counted;
}

const anyUse: fc.Arbitrary<Use> = fc.record({
  plan: fc.constantFrom("plus", "pro", "team", "free"),
  fiveHours: fc.nat(99),
  week: fc.nat(99),
  weekEndsInMs: fc.integer({ min: HOUR, max: 7 * DAY }),
});

describe.each(names)("%s", (strategy) => {
  test("never picks who cannot serve", () => {
    fc.assert(
      fc.property(fc.array(anyUse, { minLength: 1, maxLength: 12 }), fc.nat(11), (uses, at) => {
        const accounts = uses.map((use, index) => using(`a${index}`, use));
        const held = accounts[at % accounts.length] as PoolAccount;
        const made = pool(accounts);
        made.put({ ...blocked(held.id), sort: held.sort });
        const chosen = new Candidates(made, ask({ strategy })).next(now);
        expect(chosen?.account.id).not.toBe(held.id);
        expect(chosen === null).toBe(accounts.length === 1);
      }),
    );
  });

  test("is monotone in priority: raising it never moves an account back", () => {
    fc.assert(
      fc.property(fc.array(anyUse, { minLength: 2, maxLength: 8 }), fc.nat(7), (uses, at) => {
        const accounts = uses.map((use, index) => using(`a${index}`, use));
        const raised = at % accounts.length;
        const placeOf = (priority: number): number => {
          const ranked = accounts.map((each, index) => (index === raised ? { ...each, priority } : each));
          const walk = new Candidates(pool(ranked), ask({ strategy }));
          for (let place = 0; ; place += 1) {
            const next = walk.next(now);
            if (next === null || next.account.id === `a${raised}`) return place;
          }
        };
        const places = [-100, 0, 1, 100].map(placeOf);
        expect(places).toEqual(places.toSorted((left, right) => right - left));
      }),
    );
  });

  test("orders the same accounts the same way, in whatever order they came into the pool", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1000), { minLength: 2, maxLength: 8 }), (sorts) => {
        const accounts = sorts.map((sort) => ({ ...using(`a${sort}`, { week: sort % 90 }), sort: sort + 1 }));
        const order = (given: readonly PoolAccount[]) => place(pool(given), strategy, 12);
        expect(order(accounts.toReversed())).toEqual(order(accounts));
      }),
    );
  });
});

describe("ordered", () => {
  test("is strictly the user's order, whatever the readings say", () => {
    expect(first("ordered", using("a", { week: 99 }), using("b", {}))).toBe("a");
  });
});

describe("balanced", () => {
  test("gives each its share by what it can still give, within one conversation at any time", () => {
    fc.assert(
      fc.property(
        fc.array(anyUse, { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 10, max: 120 }),
        (uses, total) => {
          const accounts = pool(uses.map((use, index) => using(`a${index}`, { ...use, fiveHours: 0, week: 50 })));
          const rates = accounts.entries.map((entry) => shareWeight(entry.account, now));
          const whole = rates.reduce((sum, rate) => sum + rate, 0);
          const got = counts(place(accounts, "balanced", total));
          for (const [index, rate] of rates.entries()) {
            const due = (total * rate) / whole;
            const most = 1 + accounts.entries.length * (rate / whole);
            expect(Math.abs((got[`a${index}`] ?? 0) - due)).toBeLessThanOrEqual(Math.max(most, 2));
          }
        },
      ),
    );
  });

  test("is smooth: equals take turns", () => {
    const accounts = pool(["a", "b", "c"].map((id) => using(id, {})));
    expect(place(accounts, "balanced", 6).join("")).toBe("abcabc");
  });

  test("does not overrun who comes back after a long time", () => {
    const accounts = pool([blocked("a"), using("b", {}), using("c", {})]);
    place(accounts, "balanced", 100);
    accounts.put(using("a", {}));
    expect(counts(place(accounts, "balanced", 30))["a"]).toBeLessThanOrEqual(11);
  });

  test("prefers accounts below the soft threshold, and takes the others when there are no more", () => {
    const accounts = pool([using("a", { week: 95 }), using("b", {})]);
    accounts.terms = { maxInflight: 0, softThresholdPercent: 90, asksLoginsFirst: true };
    expect(counts(place(accounts, "balanced", 10))).toEqual({ b: 10 });
    accounts.put({ ...using("b", {}), isEnabled: false });
    expect(place(accounts, "balanced", 1)).toEqual(["a"]);
  });

  test("lets an account that was above the threshold back only five points below it", () => {
    const accounts = pool([using("a", { week: 90 }), using("b", { plan: "free", week: 80 })]);
    accounts.terms = { maxInflight: 0, softThresholdPercent: 90, asksLoginsFirst: true };
    const next = (week: number) => {
      accounts.put(using("a", { week }));
      return place(accounts, "balanced", 1)[0];
    };
    expect([next(90), next(86)]).toEqual(["b", "b"]);
    expect(next(84)).toBe("a");
    expect(next(89)).toBe("a");
  });

  test("compares the health of a drawn one with that of the first, when asked to", () => {
    const sick = account("a", { facts: { health: { score: 10, succeededAt: null, failedAt: null, ramp: null } } });
    const accounts = pool([sick, account("b"), account("c")]);
    const drawn = (draw: number, healthWindow: number) =>
      new Candidates(accounts, ask({ strategy: "balanced", healthWindow, draw })).next(now)?.account.id;
    expect([drawn(0, 3), drawn(0.9, 3), drawn(0.9, 1)]).toEqual(["b", "c", "a"]);
  });
});

describe("reset-first", () => {
  test("uses what would be lost soonest", () => {
    expect(first("reset-first", using("a", {}), using("b", { weekEndsInMs: DAY }))).toBe("b");
  });

  test("steps back from who has little of the five hours left, or is about to", () => {
    const filling = using("b", { weekEndsInMs: DAY, fiveHours: 60 });
    expect(first("reset-first", filling, using("a", {}))).toBe("a");
    const accounts = pool([using("a", {}), using("b", { weekEndsInMs: DAY, fiveHours: 30 })]);
    expect(place(accounts, "reset-first", 1)).toEqual(["b"]);
    for (let count = 0; count < 4; count += 1) accounts.begin("b", { isProbe: false });
    expect(place(accounts, "reset-first", 1)).toEqual(["a"]);
  });

  test("leaves alone what is nearly used up, and knows nothing of who was never read", () => {
    const nearlyDone = using("b", { weekEndsInMs: DAY, week: 96 });
    expect(first("reset-first", nearlyDone, using("a", {}))).toBe("a");
    expect(first("reset-first", account("c"), using("a", {}))).toBe("a");
    expect(first("reset-first", nearlyDone, account("c"))).toBe("c");
  });
});

describe("drain", () => {
  test("stays with the account that has least left until it is done", () => {
    const accounts = pool([using("a", { week: 10 }), using("b", { week: 60 }), using("c", { plan: "pro", week: 90 })]);
    expect(place(accounts, "drain", 3)).toEqual(["b", "b", "b"]);
    accounts.put(blocked("b"));
    expect(place(accounts, "drain", 1)).toEqual(["c"]);
  });
});

describe("least-loaded", () => {
  test("takes the one with the fewest running requests for its size", () => {
    const accounts = pool([using("a", {}), using("b", { plan: "pro" })]);
    for (const id of ["a", "b", "b", "b"]) accounts.begin(id, { isProbe: false });
    expect(place(accounts, "least-loaded", 1)).toEqual(["b"]);
  });

  test("among equals takes the one whose turn is longest ago", () => {
    expect(place(pool([using("a", {}), using("b", {})]), "least-loaded", 4).join("")).toBe("abab");
  });
});
