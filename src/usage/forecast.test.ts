import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { usualTerms } from "../pool/availability.ts";
import { account, blocked, HOUR, MINUTE, now, reading } from "../pool/testing.ts";
import { accountForecast, type Point } from "./forecast.ts";
import { capacityReturnsAt, firstToRunDry, poolForecast } from "./pool-forecast.ts";

const terms = { ...usualTerms, now };
const FIVE_HOURS = 300;
const resetsAt = now + 2 * HOUR;

/** An account whose five-hour window was used so far at these minutes before now, the last of them right now. */
function used(id: string, percents: readonly (readonly [number, number])[], more: Parameters<typeof account>[1] = {}) {
  const points = percents.map(([ago, usedPercent]): Point => ({ at: now - ago * MINUTE, ...five(usedPercent) }));
  const last = points.at(-1)?.usedPercent ?? 0;
  const known = account(id, { plan: "plus", ...more, facts: { reading: reading([five(last)]), ...more.facts } });
  return accountForecast(known, points, terms);
}

const five = (usedPercent: number) => ({ minutes: FIVE_HOURS, usedPercent, resetsAt });

/** 20 percent an hour, from 60 on: dry at the very moment of the reset; a little faster and it is before. */
const steady = [
  [60, 40],
  [30, 50],
  [0, 60],
] as const;
const fast = [
  [60, 20],
  [30, 40],
  [0, 60],
] as const;

describe("a window", () => {
  test("runs dry at the mean rate of its readings, which are told", () => {
    expect(used("a", fast).windows).toEqual([
      {
        minutes: FIVE_HOURS,
        usedPercent: 60,
        resetsAt,
        readings: 3,
        from: now - HOUR,
        to: now,
        ratePerHour: 40,
        outlook: "runs_dry",
        runsDryAt: now + HOUR,
      },
    ]);
  });

  test("lasts when its reset comes first, and when nothing is used", () => {
    expect(used("a", steady).windows[0]).toMatchObject({ outlook: "lasts", runsDryAt: null, ratePerHour: 20 });
    const idle = used("a", [
      [60, 5],
      [30, 5],
      [0, 5],
    ]);
    expect(idle.windows[0]).toMatchObject({ outlook: "lasts", ratePerHour: 0 });
  });

  test.each([
    [
      "two readings",
      [
        [60, 20],
        [0, 60],
      ] as const,
    ],
    [
      "readings over nine minutes",
      [
        [9, 20],
        [5, 40],
        [0, 60],
      ] as const,
    ],
  ])("does not tell from %s", (_what, percents) => {
    expect(used("a", percents).windows[0]).toMatchObject({ outlook: "not_enough_data", ratePerHour: null });
  });

  test("does not look at readings from before its last reset", () => {
    const before = [60, 40, 20].map((ago) => ({ ...five(90), at: now - ago * MINUTE, resetsAt: now - 10 * MINUTE }));
    const seen = accountForecast(account("a", { facts: { reading: reading([five(1)]) } }), before, terms);
    expect(seen.windows[0]).toMatchObject({ outlook: "not_enough_data", readings: 1 });
    const over = { minutes: FIVE_HOURS, usedPercent: 90, resetsAt: now - MINUTE };
    const reset = accountForecast(account("a", { facts: { reading: reading([over]) } }), before, terms);
    expect(reset.windows[0]).toMatchObject({ usedPercent: 0, resetsAt: null, outlook: "not_enough_data" });
  });

  test("is not misled by one reading that is off at either end", () => {
    const off = [
      [60, 90],
      [50, 20],
      [30, 30],
      [10, 40],
      [0, 3],
    ] as const;
    expect(used("a", off).windows[0]?.ratePerHour).toBe(20);
  });

  test("is used up when a refusal says so, whatever the percentage", () => {
    const out = accountForecast(blocked("a"), [], terms);
    expect(out.windows).toEqual([]);
    const refused = used("a", fast, { facts: { blocks: blocked("x").facts.blocks } });
    expect(refused.windows[0]).toMatchObject({ usedPercent: 100, outlook: "used_up", runsDryAt: null });
  });

  test("never runs dry after its reset or in the past, whatever was read", () => {
    const point = fc.record({ at: fc.integer({ min: now - 24 * HOUR, max: now }), used: fc.nat(100) });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 15 }), fc.nat(100), (points, last) => {
        const known = account("a", { facts: { reading: reading([five(last)]) } });
        const history = points.map(({ at, used: usedPercent }) => ({ at, ...five(usedPercent) }));
        const [window] = accountForecast(known, history, terms).windows;
        expect((window?.outlook === "runs_dry") === (window?.runsDryAt !== null)).toBe(true);
        expect(window?.runsDryAt ?? now).toBeGreaterThanOrEqual(now);
        expect(window?.runsDryAt ?? now).toBeLessThan(resetsAt);
      }),
    );
  });
});

describe("the pool", () => {
  test("is weighted by what its plans hold", () => {
    const [window] = poolForecast([used("a", fast), used("b", steady, { plan: "pro" })], now);
    expect(window).toMatchObject({ minutes: FIVE_HOURS, accounts: 2, measuredAccounts: 2, capacity: 1725 });
    expect(window?.remaining).toBeCloseTo(0.4 * 1725);
    expect(window?.ratePerHour).toBeCloseTo((225 * 40 + 1500 * 20) / 1725);
  });

  test("runs dry although resets give something back, or lasts because of them", () => {
    expect(poolForecast([used("a", fast)], now)[0]).toMatchObject({ outlook: "runs_dry", runsDryAt: now + HOUR });
    const idle = used("b", [
      [60, 50],
      [30, 50],
      [0, 50],
    ]);
    // 40 + 50 percent of one Plus account last 2.25 hours; the reset after 2 hours saves them.
    expect(poolForecast([used("a", fast), idle], now)[0]).toMatchObject({ outlook: "lasts", nextResetAt: resetsAt });
  });

  test("does not tell when nobody's rate is known, and is used up when nothing is left", () => {
    expect(poolForecast([used("a", [[0, 50]])], now)[0]).toMatchObject({ outlook: "not_enough_data", runsDryAt: null });
    expect(poolForecast([used("a", [[0, 100]])], now)[0]).toMatchObject({ outlook: "used_up", remainingPercent: 0 });
    expect(poolForecast([], now)).toEqual([]);
  });

  test("leaves out accounts that their user has to see to", () => {
    const login = { state: "sign_in", code: null, since: 0 } as const;
    const out = [used("a", fast, { isEnabled: false }), used("b", fast, { facts: { login } })];
    expect(poolForecast(out, now)).toEqual([]);
    expect(capacityReturnsAt(out, now)).toBeNull();
  });

  test("gets capacity back when the first account that waits is back", () => {
    const late = accountForecast(blocked("a", { until: now + 3 * HOUR }), [], terms);
    const soon = accountForecast(blocked("b", { code: "rate_limit_exceeded", until: now + MINUTE }), [], terms);
    expect(capacityReturnsAt([late, soon, used("c", fast)], now)).toBe(now + MINUTE);
  });

  test("names those that run dry first", () => {
    const faster = used("b", [
      [60, 0],
      [30, 30],
      [0, 60],
    ]);
    const all = [used("a", fast), faster, used("c", steady)];
    expect(firstToRunDry(all, 5).map(({ account: { id } }) => id)).toEqual(["b", "a"]);
    expect(firstToRunDry(all, 1)).toHaveLength(1);
  });
});
