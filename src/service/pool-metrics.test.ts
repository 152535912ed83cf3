import { describe, expect, test } from "vitest";
import { accountStates } from "../contract/reasons.ts";
import { account, blocked, HOUR, now, reading, usedUp } from "../pool/testing.ts";
import { Histogram } from "./histogram.ts";
import { poolMetrics } from "./pool-metrics.ts";

const lines = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

describe("a histogram", () => {
  test("counts what is up to each bound, in the text format", () => {
    const histogram = new Histogram();
    for (const ms of [0.25, 0.3, 3, 20_000]) histogram.observe(ms);
    const text = histogram.text("x_milliseconds", "Some time");
    expect(text.split("\n").slice(0, 2)).toEqual([
      "# HELP x_milliseconds Some time",
      "# TYPE x_milliseconds histogram",
    ]);
    const told = lines(text);
    expect(told.slice(0, 5).map((line) => line.split(" ")[1])).toEqual(["1", "2", "2", "2", "3"]);
    expect(told.slice(-3)).toEqual([
      'x_milliseconds_bucket{le="+Inf"} 4',
      "x_milliseconds_sum 20003.55",
      "x_milliseconds_count 4",
    ]);
  });
});

describe("the gauges of the pool", () => {
  test("count accounts by every state there is", () => {
    const told = lines(poolMetrics([blocked("a"), usedUp("b"), account("c"), account("d", { isEnabled: false })], now));
    for (const state of accountStates) {
      const count = { exhausted: 2, unknown: 1, disabled: 1 }[state as string] ?? 0;
      expect(told).toContain(`codexmanager_pool_accounts{state="${state}"} ${count}`);
    }
  });

  test("tell what is left of windows of one length, and the first reset", () => {
    const week = { minutes: 10_080, usedPercent: 100, resetsAt: now + 9 * HOUR };
    const five = (usedPercent: number, resetsAt: number) => ({ minutes: 300, usedPercent, resetsAt });
    const holding = (id: string, windows: Parameters<typeof reading>[0], isEnabled = true) =>
      account(id, { isEnabled, facts: { reading: reading(windows) } });
    const told = lines(
      poolMetrics(
        [
          holding("a", [five(50, now + HOUR), week]),
          holding("reset", [five(90, now - HOUR)]),
          holding("disabled", [five(0, now + 1000)], false),
          account("unread"),
        ],
        now,
      ),
    );
    expect(told).toContain('codexmanager_pool_remaining_ratio{window_minutes="300"} 0.75');
    expect(told).toContain('codexmanager_pool_remaining_ratio{window_minutes="10080"} 0');
    expect(told.at(-1)).toBe(`codexmanager_pool_next_reset_timestamp_seconds ${(now + HOUR) / 1000}`);
  });

  test("say nothing of resets when none is known", () => {
    expect(lines(poolMetrics([account("a")], now)).join()).not.toContain("next_reset");
  });
});
