import { describe, expect, test, vi } from "vitest";

import { VirtualClock } from "../kit/virtual-clock.ts";
import type { Job, JobStatus, RunEnd } from "./job.ts";
import { createRunner } from "./runner.ts";
import { pass, turn } from "./testing.ts";

/** A job whose settings are plain fields and whose runs are noted in seconds from the start. */
function bench({ random = 0 } = {}) {
  const clock = new VirtualClock();
  const startedAt = clock.now();
  const rule = { isEnabled: true, interval: 60, jitter: 0, cap: 300 };
  const ends: (RunEnd | Error)[] = [];
  const runs: number[] = [];
  const signals: AbortSignal[] = [];
  const told: string[] = [];
  const changes: JobStatus[] = [];
  let change = () => {};
  let hold: PromiseWithResolvers<void> | null = null;
  const job: Job = {
    name: "tick",
    firstDelaySeconds: 5,
    isEnabled: () => rule.isEnabled,
    intervalSeconds: () => rule.interval,
    jitterSeconds: () => rule.jitter,
    backoffMaxSeconds: () => rule.cap,
    async run(signal) {
      runs.push((clock.now() - startedAt) / 1000);
      signals.push(signal);
      await hold?.promise;
      const end = ends.shift() ?? "done";
      if (end instanceof Error) throw end;
      return end;
    },
  };
  const runner = createRunner({
    jobs: [job],
    clock,
    random: () => random,
    onSettingsChange: (listener) => {
      change = listener;
      return () => (change = () => {});
    },
    onFailure: (name, message) => told.push(`${name}: ${message}`),
    reportBug: (name, error) => told.push(`${name} threw ${String(error)}`),
    onChange: (status) => changes.push(status),
  });
  return {
    clock,
    changes,
    rule,
    ends,
    runs,
    signals,
    told,
    runner,
    status: () => runner.status()[0]!,
    pass: (seconds: number) => pass(clock, seconds),
    set: (changed: Partial<typeof rule>) => {
      Object.assign(rule, changed);
      change();
    },
    /** Runs stay under way until the returned function is called. */
    hold: () => {
      const held = Promise.withResolvers<void>();
      hold = held;
      return async () => {
        hold = null;
        held.resolve();
        await turn();
      };
    },
  };
}

const failed = (text: string): RunEnd => ({ failed: text });

describe("a job", () => {
  test("runs after its first delay, then an interval after each end", async () => {
    const { runner, pass, runs } = bench();
    runner.start();
    await pass(200);
    expect(runs).toEqual([5, 65, 125, 185]);
  });

  test("waits its share of the jitter longer", async () => {
    const { runner, pass, runs, rule } = bench({ random: 0.5 });
    rule.jitter = 10;
    runner.start();
    await pass(140);
    expect(runs).toEqual([10, 75, 140]);
  });

  test("waits twice as long from the second failure on, up to the cap, until a run is good", async () => {
    const { runner, pass, runs, ends, told, status } = bench();
    ends.push(failed("1"), failed("2"), failed("3"), failed("4"), failed("5"));
    runner.start();
    await pass(1100);
    const waits = runs.slice(1).map((at, index) => at - runs[index]!);
    expect(waits).toEqual([60, 120, 240, 300, 300, 60]);
    expect(told).toEqual(["tick: 1", "tick: 2", "tick: 3", "tick: 4", "tick: 5"]);
    expect(status()).toMatchObject({ failures: 0, lastError: null });
  });

  test("never comes more often for failing when the cap is below the interval", async () => {
    const { runner, pass, runs, ends, rule } = bench();
    rule.cap = 10;
    ends.push(failed("1"), failed("2"), failed("3"));
    runner.start();
    await pass(190);
    expect(runs).toEqual([5, 65, 125, 185]);
  });

  test("that found nothing to do leaves failures as they were", async () => {
    const { runner, pass, runs, ends, status } = bench();
    ends.push(failed("down"), failed("down"), "idle", failed("down"));
    runner.start();
    await pass(310);
    expect(runs).toEqual([5, 65, 185, 305]);
    expect(status()).toMatchObject({ failures: 3, lastError: "down" });
  });

  test("that throws has failed, is reported as a bug, and goes on", async () => {
    const { runner, pass, runs, ends, told } = bench();
    ends.push(new Error("oops"));
    runner.start();
    await pass(65);
    expect(told).toEqual(["tick threw Error: oops", "tick: oops"]);
    expect(runs).toEqual([5, 65]);
  });

  test("tells when it ran, how that ended, and when it runs next", async () => {
    const { runner, pass, clock, ends, status, hold } = bench();
    const from = clock.now();
    expect(status()).toMatchObject({ isEnabled: true, nextRunAt: null, lastRunAt: null });
    runner.start();
    expect(status()).toMatchObject({ nextRunAt: from + 5000 });
    const release = hold();
    ends.push(failed("down"));
    await pass(8);
    expect(status()).toMatchObject({ isRunning: true, lastRunAt: from + 5000, lastEndedAt: null, nextRunAt: null });
    await release();
    expect(status()).toEqual({
      name: "tick",
      isEnabled: true,
      isRunning: false,
      lastRunAt: from + 5000,
      lastEndedAt: from + 8000,
      lastError: "down",
      nextRunAt: from + 68_000,
      failures: 1,
    });
  });
});

describe("a change of settings", () => {
  test("shortens a wait that has begun", async () => {
    const { runner, pass, runs, set } = bench();
    runner.start();
    await pass(20);
    set({ interval: 30 });
    await pass(50);
    expect(runs).toEqual([5, 35, 65]);
  });

  test("runs the job at once when the new interval is over already", async () => {
    const { runner, pass, runs, set } = bench();
    runner.start();
    await pass(50);
    set({ interval: 10 });
    await pass(1);
    expect(runs).toEqual([5, 50]);
  });

  test("lengthens a wait, and other changes leave it alone", async () => {
    const { runner, pass, runs, set } = bench({ random: 0.3 });
    runner.start();
    await pass(20);
    set({});
    set({ interval: 100 });
    set({});
    await pass(100);
    expect(runs).toEqual([5, 105]);
  });

  test("switches a job off and on", async () => {
    const { runner, pass, runs, set, clock, status } = bench();
    runner.start();
    await pass(10);
    set({ isEnabled: false });
    expect(status()).toMatchObject({ isEnabled: false, nextRunAt: null });
    expect(clock.pending).toBe(0);
    await pass(100);
    set({ isEnabled: true });
    await pass(1);
    expect(runs).toEqual([5, 110]);
  });

  test("breaks off a run that is switched off, and waits for its end before the next", async () => {
    const { runner, pass, runs, signals, ends, set, hold, status } = bench();
    const release = hold();
    runner.start();
    await pass(10);
    set({ isEnabled: false });
    expect(signals[0]?.aborted).toBe(true);
    set({ isEnabled: true });
    await pass(100);
    expect(runs).toEqual([5]);
    ends.push(failed("broken off"));
    await release();
    expect(status()).toMatchObject({ failures: 0, lastError: null, isRunning: false });
    await pass(60);
    expect(runs).toEqual([5, 170]);
  });
});

test("a run that takes longer than the interval is never joined by a second one", async () => {
  const { runner, pass, runs, set, hold } = bench();
  const release = hold();
  runner.start();
  await pass(300);
  set({ interval: 30 });
  await pass(300);
  expect(runs).toEqual([5]);
  await release();
  await pass(30);
  expect(runs).toEqual([5, 630]);
});

test("a wait longer than timers can hold is cut to what they hold, for they would fire at once", () => {
  const { runner, clock, rule } = bench({ random: 0.9 });
  const setTimer = vi.spyOn(clock, "timer");
  rule.jitter = 1e9;
  runner.start();
  expect(setTimer.mock.calls.map(([ms]) => ms)).toEqual([2 ** 31 - 1]);
});

test("who listens is told when a run begins and ends, when the next one moves, and that it was switched off", async () => {
  const { runner, pass, changes, set, ends } = bench();
  const told = () =>
    changes.splice(0).map(({ isRunning, lastError, isEnabled }) => ({ isRunning, lastError, isEnabled }));
  const plain = { isRunning: false, lastError: null, isEnabled: true };
  runner.start();
  expect(told()).toEqual([plain]);
  ends.push(failed("no luck"));
  await pass(5);
  expect(told()).toEqual([
    { ...plain, isRunning: true },
    { ...plain, lastError: "no luck" },
  ]);
  set({});
  expect(told()).toEqual([]);
  set({ interval: 600 });
  set({ isEnabled: false });
  expect(told()).toMatchObject([{ isEnabled: true }, { isEnabled: false }]);
  runner.stop();
  expect(told()).toEqual([]);
});

describe("stopping", () => {
  test("breaks off what runs, starts nothing more and leaves no timer", async () => {
    const { runner, pass, runs, signals, ends, told, hold, clock, set } = bench();
    const release = hold();
    runner.start();
    await pass(10);
    runner.stop();
    expect(signals[0]?.aborted).toBe(true);
    ends.push(new Error("the store is closed"));
    await release();
    set({ interval: 1 });
    await pass(300);
    expect(runs).toEqual([5]);
    expect(told).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test("before the first run leaves no timer either", () => {
    const { runner, clock } = bench();
    runner.start();
    runner.stop();
    expect(clock.pending).toBe(0);
  });
});
