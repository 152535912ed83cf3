import { describe, expect, test } from "vitest";
import { freshFacts } from "./account.ts";
import type { Rest } from "./classify-table.ts";
import { restEnd, spokenWaitMs } from "./cooldown.ts";
import type { Observation } from "./observation.ts";
import { block, HOUR, MINUTE, now, SECOND } from "./testing.ts";

const DAY = 24 * HOUR;

const seen = (more: Partial<Observation> = {}): Observation => {
  return {
    phase: "answer",
    status: 429,
    code: null,
    type: null,
    message: "",
    isHtml: false,
    retryAfterMs: null,
    resetsAt: null,
    ...more,
  };
};

function wait(rest: Rest, observation: Observation, blocks = freshFacts.blocks): number | undefined {
  const end = restEnd({
    rest,
    code: "rate_limit_exceeded",
    seen: observation,
    facts: { ...freshFacts, blocks },
    now,
  });
  return end === null ? undefined : end.until - now;
}

describe("a rest", () => {
  test("ends when the upstream says so: reset first, Retry-After second, words last", () => {
    const message = "Please try again in 7s.";
    const told = seen({ resetsAt: now + HOUR, retryAfterMs: 90 * SECOND, message });
    expect(wait("as_told", told)).toBe(HOUR);
    expect(wait("as_told", { ...told, resetsAt: null })).toBe(90 * SECOND);
    expect(wait("as_told", { ...told, resetsAt: null, retryAfterMs: null })).toBe(7 * SECOND);
    expect(wait("until_reset", { ...told, resetsAt: null, retryAfterMs: null })).toBe(5 * MINUTE);
  });

  test.each([
    ["in the past", seen({ resetsAt: now - SECOND })],
    ["more than 366 days away", seen({ resetsAt: now + 367 * DAY })],
    ["more than 366 days away in words", seen({ message: "try again in 99999h" })],
    [
      "beyond all numbers",
      seen({ message: `try again in ${"9".repeat(400)}h`, retryAfterMs: Number.POSITIVE_INFINITY }),
    ],
    ["at once", seen({ retryAfterMs: 0 })],
  ])("that would end %s is not believed", (_when, observation) => {
    expect(wait("as_told", observation)).toBe(SECOND);
  });

  test("of 366 days is believed", () => {
    expect(wait("until_reset", seen({ resetsAt: now + 366 * DAY }))).toBe(366 * DAY);
  });

  test("is nobody's after a fault of the request or the host", () => {
    expect(wait("none", seen({ resetsAt: now + HOUR }))).toBeUndefined();
  });

  test("of a model the plan has not got is half a day", () => {
    expect(wait("half_day", seen({ retryAfterMs: SECOND }))).toBe(12 * HOUR);
  });
});

describe("a rest nobody names", () => {
  const afterStrikes = (rest: Rest, strikes: number) => {
    return wait(rest, seen(), [block({ code: "rate_limit_exceeded", until: now - SECOND, strikes })]);
  };

  test.each([
    ["as_told", [1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * SECOND)],
    ["until_reset", [5, 10, 20, 40, 60, 60].map((minutes) => minutes * MINUTE)],
    ["short", [1, 2, 4, 8, 16, 30, 30].map((minutes) => minutes * MINUTE)],
  ] as const)("doubles with each refusal in a row, up to a limit (%s)", (rest, ladder) => {
    expect(ladder.map((_, strikes) => afterStrikes(rest, strikes))).toEqual(ladder);
  });

  test("stays at its limit after a thousand refusals", () => expect(afterStrikes("as_told", 1000)).toBe(MINUTE));

  test("does not grow while the block still runs: a burst of refusals counts once", () => {
    expect(wait("as_told", seen(), [block({ code: "rate_limit_exceeded", until: now + 1, strikes: 1 })])).toBe(SECOND);
    expect(wait("as_told", seen(), [block({ code: "rate_limit_exceeded", until: now + 1, strikes: 3 })])).toBe(
      4 * SECOND,
    );
  });

  test("does not grow with refusals of another kind", () => {
    expect(wait("as_told", seen(), [block({ code: "usage_limit_reached", strikes: 5 })])).toBe(SECOND);
  });
});

test.each([
  ["Please try again in 1.5s.", 1500],
  ["Please try again in 6m0s. Visit …", 6 * MINUTE],
  ["try again in 250ms", 250],
  ["try again in 1h2m3s", HOUR + 2 * MINUTE + 3 * SECOND],
  ["try again in 0.2ms", 1],
  ["try again in a while", null],
  ["try again later", null],
  ["in 5s", null],
  ["", null],
])("%j asks for %j milliseconds", (message, ms) => expect(spokenWaitMs(message)).toBe(ms));
