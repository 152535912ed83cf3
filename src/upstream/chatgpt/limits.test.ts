import { describe, expect, test } from "vitest";
import { readingFromEvent, readingsFromHeaders } from "./limits.ts";

const now = Date.UTC(2026, 10, 20, 12);
const FIVE_HOURS = 300;
const WEEK = 10_080;

/** As captured from an answer to Codex 0.169. */
const captured = {
  "x-codex-active-limit": "premium",
  "x-codex-credits-balance": "42.00",
  "x-codex-credits-has-credits": "true",
  "x-codex-credits-unlimited": "false",
  "x-codex-plan-type": "plus",
  "x-codex-primary-reset-at": "1795208082",
  "x-codex-primary-used-percent": "37.5",
  "x-codex-primary-window-minutes": "300",
  "x-codex-secondary-reset-at": "1795290882",
  "x-codex-secondary-used-percent": "12",
  "x-codex-secondary-window-minutes": "10080",
};

const event = (fields: object, wanted = now) =>
  readingFromEvent(Buffer.from(JSON.stringify({ type: "codex.rate_limits", ...fields })), wanted);
const primary = { used_percent: 100, window_minutes: WEEK, reset_at: 1_795_208_082 };

type Headers = Parameters<typeof readingsFromHeaders>[0];
const readingFromHeaders = (headers: Headers, at: number) => readingsFromHeaders(headers, at, "headers")[0] ?? null;

const mainQuota = { family: "codex", isLimitReached: false, resetCredits: null };

describe("headers", () => {
  test("tell windows, plan and credits", () => {
    expect(readingFromHeaders(captured, now)).toEqual({
      ...mainQuota,
      windows: [
        { minutes: FIVE_HOURS, usedPercent: 37.5, resetsAt: 1_795_208_082_000 },
        { minutes: WEEK, usedPercent: 12, resetsAt: 1_795_290_882_000 },
      ],
      plan: "plus",
      credits: { hasCredits: true, isUnlimited: false, balance: "42.00" },
      source: "headers",
      at: now,
    });
  });

  test("of older backends tell the reset as a span", () => {
    const headers = {
      "x-codex-primary-used-percent": "5",
      "x-codex-primary-window-minutes": "300",
      "x-codex-primary-reset-after-seconds": "60",
    };
    expect(readingFromHeaders(headers, now)?.windows).toEqual([
      { minutes: FIVE_HOURS, usedPercent: 5, resetsAt: now + 60_000 },
    ]);
  });

  test("of a plan with a week alone carry it in the first place: its length says what it is", () => {
    const headers = { "x-codex-primary-used-percent": "80", "x-codex-primary-window-minutes": "10080" };
    expect(readingFromHeaders(headers, now)).toMatchObject({
      windows: [{ minutes: WEEK, usedPercent: 80, resetsAt: null }],
      credits: null,
    });
  });

  test("of other families are readings of their own, behind the main one", () => {
    const family = {
      "x-codex-bengalfox-limit-name": "GPT-5.3-Codex-Spark",
      "x-codex-bengalfox-primary-used-percent": "100",
      "x-codex-bengalfox-primary-window-minutes": "300",
      "x-codex-bengalfox-secondary-used-percent": "7",
      "x-codex-bengalfox-secondary-window-minutes": "10080",
      "x-codex-otter-vole-secondary-used-percent": "1",
      "x-codex-otter-vole-secondary-window-minutes": "43200",
    };
    const told = (headers: Headers) =>
      readingsFromHeaders(headers, now, "headers").map((each) => [each.family, each.windows.length]);
    const others = [
      ["codex_bengalfox", 2],
      ["codex_otter_vole", 1],
    ];
    expect(told(family)).toEqual(others);
    expect(told({ ...captured, ...family })).toEqual([["codex", 2], ...others]);
    const beside = { ...captured, ...family };
    expect(readingsFromHeaders(beside, now, "headers")[1]).toMatchObject({ plan: null, credits: null });
  });

  test("of a refusal say so", () => {
    expect(readingsFromHeaders(captured, now, "refusal").map(({ source }) => source)).toEqual(["refusal"]);
  });

  test("that only look like a family tell nothing", () => {
    const headers = { "x-codex-used-percent": "1", "x-codex--used-percent": "1", "x-codex-a-used-percent": "1" };
    expect(readingsFromHeaders(headers, now, "headers")).toEqual([]);
  });

  test.each([
    ["no limits at all", {}],
    ["a window without a length", { "x-codex-primary-used-percent": "10" }],
    ["a window of no length", { "x-codex-primary-used-percent": "10", "x-codex-primary-window-minutes": "0" }],
    ["empty values", { "x-codex-primary-used-percent": "", "x-codex-primary-window-minutes": "300" }],
    ["no numbers", { "x-codex-primary-used-percent": "x", "x-codex-primary-window-minutes": "300" }],
  ])("with %s tell nothing", (_what, headers) => expect(readingFromHeaders(headers, now)).toBeNull());

  test("are held to 0 to 100 percent", () => {
    const percent = (value: string) =>
      readingFromHeaders({ ...captured, "x-codex-primary-used-percent": value }, now)?.windows[0]?.usedPercent;
    expect([percent("120"), percent("-3"), percent("99.5")]).toEqual([100, 0, 99.5]);
  });
});

describe("an event", () => {
  test("tells windows, plan and credits", () => {
    const secondary = { used_percent: 3, window_minutes: FIVE_HOURS, reset_after_seconds: 60 };
    const credits = { has_credits: true, unlimited: false, balance: "1.5" };
    expect(event({ plan_type: "team", rate_limits: { primary, secondary }, credits })).toEqual({
      ...mainQuota,
      windows: [
        { minutes: WEEK, usedPercent: 100, resetsAt: 1_795_208_082_000 },
        { minutes: FIVE_HOURS, usedPercent: 3, resetsAt: now + 60_000 },
      ],
      plan: "team",
      credits: { hasCredits: true, isUnlimited: false, balance: "1.5" },
      source: "event",
      at: now,
    });
  });

  test("names its family, or is of the main one", () => {
    const rate_limits = { primary, secondary: null };
    expect(event({ rate_limits, metered_limit_name: "codex" })?.windows).toHaveLength(1);
    expect(event({ rate_limits, limit_id: null })?.windows).toHaveLength(1);
    for (const name of ["metered_limit_name", "limit_name", "limit_id"])
      expect(event({ rate_limits, plan_type: "plus", [name]: "codex-bengalfox" })).toMatchObject({
        family: "codex_bengalfox",
        plan: null,
        windows: [{ usedPercent: 100 }],
      });
    expect(event({ rate_limits })?.family).toBe("codex");
  });

  test("says in so many words that a limit is reached", () => {
    expect(event({ rate_limits: { primary, limit_reached: true } })?.isLimitReached).toBe(true);
    expect(event({ rate_limits: { primary, allowed: false } })?.isLimitReached).toBe(true);
    expect(event({ rate_limits: { primary, allowed: true, limit_reached: false } })?.isLimitReached).toBe(false);
  });

  test("without windows and credits tells nothing, so that it takes no reading's place", () => {
    expect(event({ plan_type: "plus", rate_limits: null, credits: null })).toBeNull();
    expect(event({ rate_limits: null, credits: { has_credits: false } })?.credits).toEqual({
      hasCredits: false,
      isUnlimited: false,
      balance: null,
    });
  });

  test.each(["", "null", "[]", "[DONE]"])("that reads %j tells nothing", (text) => {
    expect(readingFromEvent(Buffer.from(text), now)).toBeNull();
  });
});
