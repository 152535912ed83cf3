import { describe, expect, test } from "vitest";

import { Quota, QuotaWindow } from "./quota.ts";
import { DAY, FIVE_HOURS_MINUTES, HOUR, weekStartsAt as now } from "./time.ts";

describe("a window", () => {
  const window = (): QuotaWindow => new QuotaWindow(FIVE_HOURS_MINUTES, 100);

  test("begins with its first use, not before", () => {
    const each = window();
    expect(each.told(now)).toMatchObject({ usedPercent: 0, resetsAt: now + 5 * HOUR });
    expect(each.told(now + HOUR)).toMatchObject({ resetsAt: now + 6 * HOUR });
    each.spend(10, 10, now + 2 * HOUR);
    expect(each.told(now + 3 * HOUR)).toMatchObject({ usedPercent: 10, resetsAt: now + 7 * HOUR });
  });

  test("is empty from its reset on, and begins again with the next use", () => {
    const each = window();
    each.spend(100, 100, now);
    expect(each.left(now + 5 * HOUR - 1)).toBe(0);
    expect(each.left(now + 5 * HOUR)).toBe(100);
    each.spend(1, 1, now + 9 * HOUR);
    expect(each.resetsAt).toBe(now + 14 * HOUR);
  });

  test("tells whole percents, full only when nothing is left", () => {
    const each = window();
    each.spend(99.9, 99.9, now);
    expect(each.told(now).usedPercent).toBe(99);
    each.spend(0.2, 0.2, now);
    expect(each.told(now).usedPercent).toBe(100);
  });
});

describe("an account's quota", () => {
  const quota = (used = 0): Quota => new Quota("plus", { weekShare: 1, used, resetsAt: now + 2 * DAY });

  test("is full until the last of its full windows resets", () => {
    const each = quota(0.99);
    each.spend(225, 225, now);
    expect(each.fullUntil(now)).toBe(now + 2 * DAY);
    expect(each.fullUntil(now + 2 * DAY)).toBeNull();
  });

  test("has no five-hour window on the free plan", () => {
    const free = new Quota("free", { weekShare: 1, used: 0, resetsAt: now + DAY });
    expect(free.told(now)).toHaveLength(1);
  });

  test("counts as used before the reset what was useful and spent before it", () => {
    const each = quota();
    each.spend(50, 10, now);
    each.spend(50, 20, now + 3 * DAY);
    expect(each.usefulBeforeReset).toBe(10);
  });
});
