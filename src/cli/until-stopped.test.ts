import { expect, test } from "vitest";

import { VirtualClock } from "../kit/virtual-clock.ts";
import type { Context } from "./context.ts";
import { takeSignals, untilStopped } from "./until-stopped.ts";
import { en } from "./words/en.ts";

function scene() {
  const clock = new VirtualClock();
  const events: string[] = [];
  let signal = (): void => {};
  const onSignal = (listener: () => void) => {
    signal = listener;
    return () => events.push("no more signals");
  };
  const exit = (code: number) => events.push(`exit ${code}`);
  const terminal = { clock, onSignal, exit, err: () => {} };
  const context = { terminal, words: en } as unknown as Context;
  return { clock, events, context, signal: () => signal() };
}

test("a signal stops in order", async () => {
  const { events, context, signal } = scene();
  const stopped = untilStopped(takeSignals(context), { whenAsked: [], stop: async () => void events.push("stopped") });
  signal();
  await stopped;
  expect(events).toEqual(["stopped", "no more signals"]);
});

test("a signal that came before everything was open counts", async () => {
  const { events, context, signal } = scene();
  const signals = takeSignals(context);
  signal();
  await untilStopped(signals, { whenAsked: [], stop: async () => void events.push("stopped") });
  expect(events).toContain("stopped");
});

test("somebody entitled may ask instead", async () => {
  const { events, context } = scene();
  const whenAsked = [new Promise<void>(() => {}), Promise.resolve()];
  await untilStopped(takeSignals(context), { whenAsked, stop: async () => void events.push("stopped") });
  expect(events).toEqual(["stopped", "no more signals"]);
});

test("a second signal ends the process at once, the same Ctrl+C passed on does not", () => {
  const { clock, events, context, signal } = scene();
  takeSignals(context);
  signal();
  clock.advance(100);
  signal();
  expect(events).toEqual([]);
  clock.advance(1000);
  signal();
  expect(events).toEqual(["exit 130"]);
});
