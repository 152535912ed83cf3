import { expect, test } from "vitest";
import { limitsFrames } from "./limits-frames.ts";

const framesOf = (headers: Record<string, string>): unknown =>
  limitsFrames(headers, 1_000_000).map((frame) => JSON.parse(frame.toString()) as unknown);

test("the main quota becomes an event with plan and credits", () => {
  const headers = {
    "x-codex-plan-type": "pro",
    "x-codex-primary-used-percent": "12.5",
    "x-codex-primary-window-minutes": "300",
    "x-codex-primary-reset-at": "1700",
    "x-codex-credits-has-credits": "True",
    "x-codex-credits-unlimited": "false",
    "x-codex-credits-balance": "3.10",
  };
  expect(framesOf(headers)).toEqual([
    {
      type: "codex.rate_limits",
      rate_limits: { primary: { used_percent: 12.5, window_minutes: 300, reset_at: 1700 }, secondary: null },
      plan_type: "pro",
      credits: { has_credits: true, unlimited: false, balance: "3.10" },
    },
  ]);
});

test("another quota has an event of its own, and a reset that is told as a span becomes an instant", () => {
  const headers = {
    "x-codex-bengalfox-limit-name": "Spark",
    "x-codex-bengalfox-secondary-used-percent": "1",
    "x-codex-bengalfox-secondary-window-minutes": "10080",
    "x-codex-bengalfox-secondary-reset-after-seconds": "60",
  };
  expect(framesOf(headers)).toEqual([
    {
      type: "codex.rate_limits",
      rate_limits: { primary: null, secondary: { used_percent: 1, window_minutes: 10080, reset_at: 1060 } },
      metered_limit_name: "codex-bengalfox",
      limit_name: "Spark",
    },
  ]);
});

test("an answer that tells of no quota has no such frame", () => {
  expect(framesOf({ "content-type": "text/event-stream", "x-codex-plan-type": "pro" })).toEqual([]);
});
