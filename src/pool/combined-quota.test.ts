import { describe, expect, test } from "vitest";
import type { PoolAccount, Reading, Window } from "./account.ts";
import { combineQuota } from "./combined-quota.ts";
import { account as named, block, HOUR, now, reading } from "./testing.ts";

const FIVE_HOURS = 300;
const WEEK = 10_080;
const MONTH = 43_200;

const window = (minutes: number, usedPercent: number, inHours: number | null = 1): Window => ({
  minutes,
  usedPercent,
  resetsAt: inHours === null ? null : now + inHours * HOUR,
});

const account = (plan: string, main: Reading | null, more: Parameters<typeof named>[1] = {}) =>
  named("acc", { plan, ...more, facts: { reading: main, ...more.facts } });

const refusedFor = (inHours: number) => ({ facts: { blocks: [block({ until: now + inHours * HOUR })] } });

const combined = (...accounts: PoolAccount[]) => combineQuota(accounts, now);

describe("several accounts as one", () => {
  test("weigh as much as their plans hold", () => {
    const { windows } = combined(
      account("plus", reading([window(WEEK, 80)])),
      account("pro", reading([window(WEEK, 20)])),
    );
    expect(windows[0]?.usedPercent).toBeCloseTo((7560 * 80 + 50_400 * 20) / (7560 + 50_400));
  });

  test("are reset when the first of them gets something back", () => {
    const untouched = account("plus", reading([window(WEEK, 0, 1)]));
    const used = [3, 2].map((hours) => account("plus", reading([window(WEEK, 10, hours)])));
    expect(combined(untouched, ...used).windows[0]?.resetsAt).toBe(now + 2 * HOUR);
    expect(combined(untouched).windows[0]?.resetsAt).toBe(now + HOUR);
    expect(combined(account("plus", reading([window(WEEK, 10, null)]))).windows[0]?.resetsAt).toBeNull();
  });

  test("show the two window lengths that most of the pool has, the shorter first", () => {
    const plus = account("plus", reading([window(WEEK, 10), window(FIVE_HOURS, 20)]));
    const free = account("free", reading([window(MONTH, 90)]));
    expect(combined(free, plus).windows.map(({ minutes }) => minutes)).toEqual([FIVE_HOURS, WEEK]);
    expect(combined(free).windows.map(({ minutes }) => minutes)).toEqual([MONTH]);
  });

  test("count nothing that an account cannot give before its own reset", () => {
    const weekUsedUp = reading([window(FIVE_HOURS, 20, 1), window(WEEK, 100, 50)]);
    expect(combined(account("plus", weekUsedUp)).windows[0]?.usedPercent).toBe(100);
    const refused = account("plus", reading([window(FIVE_HOURS, 20, 1), window(WEEK, 60, 50)]), refusedFor(2));
    expect(combined(refused).windows.map(({ usedPercent }) => usedPercent)).toEqual([100, 60]);
  });

  test("count a window that has been reset since as empty", () => {
    expect(combined(account("plus", reading([window(WEEK, 100, -1)]))).windows[0]?.usedPercent).toBe(0);
  });

  test("are at their limit only when none of them can serve", () => {
    const free = account("plus", null);
    const refused = account("plus", null, refusedFor(2));
    expect(combined(free, refused).isLimitReached).toBe(false);
    expect(combined(refused).isLimitReached).toBe(true);
    expect(combined().isLimitReached).toBe(false);
  });

  test("leave out who is switched off, signed out or unknown", () => {
    const off = account("pro", reading([window(WEEK, 90)]), { isEnabled: false });
    const login = { state: "sign_in", code: null, since: 0 } as const;
    const signedOut = account("pro", reading([window(WEEK, 90)]), { facts: { login } });
    const { windows, plan } = combined(
      off,
      signedOut,
      account("plus", null),
      account("go", reading([window(WEEK, 10)])),
    );
    expect(windows[0]?.usedPercent).toBe(10);
    expect(plan).not.toBe("pro");
  });

  test("have the largest plan, the sum of the credits and of the resets", () => {
    const credits = (balance: string | null, isUnlimited = false) => ({
      hasCredits: balance !== null,
      isUnlimited,
      balance,
    });
    const quota = combined(
      account("free", reading([], { credits: credits("1.50"), resetCredits: 1 })),
      account("pro", reading([], { credits: credits(null), resetCredits: 2 })),
      account("plus", reading([], { credits: credits("2.25") })),
    );
    expect(quota).toMatchObject({
      plan: "pro",
      credits: { hasCredits: true, isUnlimited: false, balance: "3.75" },
      resetCredits: 3,
    });
    expect(combined(account("plus", null)).credits).toBeNull();
  });

  test("have their other quotas beside the main one", () => {
    const spark = (usedPercent: number, isLimitReached: boolean) =>
      reading([window(WEEK, usedPercent)], { family: "codex_spark", isLimitReached });
    const both = [spark(100, true), spark(50, false)].map((each) =>
      account("plus", null, { facts: { otherReadings: [each] } }),
    );
    expect(combined(...both).others.get("codex_spark")).toMatchObject({
      isLimitReached: false,
      windows: [{ usedPercent: 75 }],
    });
  });
});
