import { describe, expect, test } from "vitest";
import type { PoolAccount, Window } from "./account.ts";
import { fullestPercent, planWeight, remainingCredits, shareWeight, windowCapacity } from "./capacity.ts";
import { account, HOUR, now, reading } from "./testing.ts";

const FIVE_HOURS = 300;
const WEEK = 10_080;

function read(plan: string, ...windows: Window[]): PoolAccount {
  return account("a", { plan, facts: { reading: reading(windows) } });
}
const window = (minutes: number, usedPercent: number, hours: number): Window => {
  return { minutes, usedPercent, resetsAt: now + hours * HOUR };
};

describe("what a plan holds", () => {
  test("is known of five hours and a week, and follows the length of other windows", () => {
    expect([windowCapacity("plus", FIVE_HOURS), windowCapacity("plus", WEEK)]).toEqual([225, 7560]);
    expect(windowCapacity("pro", WEEK)).toBe(50_400);
    expect(windowCapacity("plus", 2 * WEEK)).toBe(15_120);
  });

  test("is that of Plus for plans nobody knows", () => expect(windowCapacity("brand-new", WEEK)).toBe(7560));

  test("compares plans with Plus", () => {
    expect([planWeight("plus"), planWeight("free"), planWeight(null)]).toEqual([1, 0.15, 1]);
  });
});

describe("what is left", () => {
  test("is that of the longest window, whole again after its reset, and everything while nothing is known", () => {
    const each = read("plus", window(FIVE_HOURS, 90, 1), window(WEEK, 25, 10));
    expect(remainingCredits(each, now)).toBe(5670);
    expect(remainingCredits(each, now + 10 * HOUR)).toBe(7560);
    expect(remainingCredits(account("a", { plan: "plus" }), now)).toBe(7560);
  });

  test("is told by the fullest window, whichever that is", () => {
    expect(fullestPercent(read("plus", window(FIVE_HOURS, 90, 1), window(WEEK, 25, 10)).facts, now)).toBe(90);
    expect(fullestPercent(account("a").facts, now)).toBe(0);
  });
});

describe("an account's share of new conversations", () => {
  const weight = (...windows: Window[]) => shareWeight(read("plus", ...windows), now);

  test("grows as its reset comes near with much left, and shrinks as it is used", () => {
    expect(weight(window(WEEK, 50, 24))).toBeGreaterThan(weight(window(WEEK, 50, 100)));
    expect(weight(window(WEEK, 80, 24))).toBeLessThan(weight(window(WEEK, 50, 24)));
  });

  test("shrinks with what is left of its shortest window", () => {
    const week = window(WEEK, 50, 24);
    expect(weight(window(FIVE_HOURS, 80, 2), week)).toBeCloseTo(weight(window(FIVE_HOURS, 60, 2), week) / 2);
  });

  test("counts the size of the plan once", () => {
    const of = (plan: string) => shareWeight(read(plan, window(WEEK, 50, 24)), now);
    expect(of("pro") / of("plus")).toBeCloseTo(planWeight("pro"));
  });

  test("is finite and never nothing", () => {
    expect(weight(window(WEEK, 0, 1e-9))).toBeLessThan(Infinity);
    expect(weight(window(WEEK, 100, 24))).toBeGreaterThan(0);
  });

  test("is that of an even pace while nothing is known", () => {
    expect(shareWeight(account("a", { plan: "plus" }), now)).toBe(45 ** 2);
  });
});
