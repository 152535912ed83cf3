import { expect, test } from "vitest";
import type { SettingKey } from "../contract/settings/table.ts";
import { VirtualClock } from "../kit/virtual-clock.ts";
import { retention } from "./retention.ts";
import { changeableSettings } from "./testing.ts";

async function limitsWith(given: Partial<Record<SettingKey, unknown>>) {
  const clock = new VirtualClock();
  const asked: unknown[] = [];
  const settings = changeableSettings(given);
  const requests = { retain: async (limits: unknown) => void asked.push(limits) };
  const keptLimits: unknown[] = [];
  const responses = { retain: async (limits: unknown) => void keptLimits.push(limits) };
  const pruned: number[] = [];
  const bindings = { prune: async (before: number) => void pruned.push(before) };
  const job = retention({ settings: () => settings.current, clock, requests, responses, bindings });
  expect(await job.run(new AbortController().signal)).toBe("done");
  return { limits: asked[0], keptLimits: keptLimits[0], pruned, now: clock.now() };
}

test("the limits of the settings are passed on as instants and bytes", async () => {
  const { limits, now } = await limitsWith({ "requestLog.daysKept": 2, "requestLog.maxMebibytes": 3 });
  expect(limits).toEqual({ now, requestsBefore: now - 172_800_000, usageBefore: null, maxBytes: 3 * 1_048_576 });
});

test("zero is no limit", async () => {
  const { limits, now } = await limitsWith({ "requestLog.daysKept": 0, "requestLog.maxMebibytes": 0 });
  expect(limits).toEqual({ now, requestsBefore: null, usageBefore: null, maxBytes: null });
});

test("conversations that nobody went on with for long are forgotten", async () => {
  const { pruned, now } = await limitsWith({ "routing.bindingDaysKept": 3 });
  expect(pruned).toEqual([now - 3 * 86_400_000]);
});

test("kept answers go by age, count and size; with no days none is left", async () => {
  const given = { "keptResponses.daysKept": 3, "keptResponses.maxCount": 10, "keptResponses.maxMebibytes": 2 };
  const { keptLimits, now } = await limitsWith(given);
  expect(keptLimits).toEqual({ before: now - 3 * 86_400_000, maxCount: 10, maxBytes: 2 * 1_048_576 });
  const none = await limitsWith({ "keptResponses.daysKept": 0 });
  expect(none.keptLimits).toMatchObject({ before: none.now });
});
