import { describe, expect, test } from "vitest";
import { pause, systemClock } from "./clock.ts";
import { VirtualClock } from "./virtual-clock.ts";

describe("the virtual clock", () => {
  test("fires timers in the order they fall due, each at its own moment, ties as they were set", () => {
    const clock = new VirtualClock(1000);
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name}@${clock.now()}`);
    clock.timer(30, note("c"));
    clock.timer(10, note("a"));
    clock.timer(10, note("b"));
    clock.timer(31, note("late"));
    clock.advance(30);
    expect(fired).toEqual(["a@1010", "b@1010", "c@1030"]);
    expect(clock.now()).toBe(1030);
    expect(clock.pending).toBe(1);
  });

  test("a timer set while another fires still falls due within the same advance", () => {
    const clock = new VirtualClock(0);
    const fired: number[] = [];
    clock.timer(10, () => void clock.timer(5, () => fired.push(clock.now())));
    clock.advance(100);
    expect(fired).toEqual([15]);
  });

  test("a refreshed timer starts anew from the present, also after it has fired; a cancelled one never fires", () => {
    const clock = new VirtualClock(0);
    let fired = 0;
    const timer = clock.timer(10, () => (fired += 1));
    clock.advance(9);
    timer.refresh();
    clock.advance(9);
    expect(fired).toBe(0);
    clock.advance(1);
    expect(fired).toBe(1);
    timer.refresh();
    clock.advance(10);
    expect(fired).toBe(2);
    timer.refresh();
    timer.cancel();
    clock.advance(100);
    expect(fired).toBe(2);
  });
});

describe("the virtual clock, timer by timer", () => {
  test("fires one timer alone, also of those that fall due together", () => {
    const clock = new VirtualClock(0);
    const fired: string[] = [];
    for (const name of ["a", "b"]) clock.timer(10, () => fired.push(name));
    expect(clock.nextAt).toBe(10);
    expect(clock.step()).toBe(true);
    expect([fired, clock.now(), clock.pending]).toEqual([["a"], 10, 1]);
    expect([clock.step(), clock.step(), clock.nextAt]).toEqual([true, false, null]);
  });

  test("keeps the order of a thousand timers, of which some are cancelled and some set anew", () => {
    const clock = new VirtualClock(0);
    const fired: number[] = [];
    const expected: number[] = [];
    for (let index = 0; index < 1000; index += 1) {
      const ms = (index * 7919) % 101;
      const timer = clock.timer(ms, () => fired.push(ms * 1000 + index));
      if (index % 3 === 0) timer.cancel();
      else expected.push(ms * 1000 + index);
    }
    clock.advance(101);
    expect(fired).toEqual(expected.toSorted((a, b) => a - b));
    expect(clock.pending).toBe(0);
  });
});

describe("a pause", () => {
  test("lasts as long as it says", async () => {
    const clock = new VirtualClock(0);
    let isOver = false;
    const pausing = pause(clock, 50).then(() => (isOver = true));
    clock.advance(49);
    await Promise.resolve();
    expect(isOver).toBe(false);
    clock.advance(1);
    await pausing;
    expect(isOver).toBe(true);
  });

  test("ends with the signal's reason, leaves no timer behind, and does not begin under an aborted signal", async () => {
    const clock = new VirtualClock(0);
    const abort = new AbortController();
    const pausing = pause(clock, 50, abort.signal);
    abort.abort(new Error("enough"));
    await expect(pausing).rejects.toThrow("enough");
    await expect(pause(clock, 50, abort.signal)).rejects.toThrow("enough");
    expect(clock.pending).toBe(0);
  });
});

test("the system clock tells the time, and its timers can be cancelled and refreshed", async () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(60_000);
  const cancelled = systemClock.timer(0, () => expect.unreachable());
  cancelled.cancel();
  await new Promise<void>((resolve) => {
    const held = setTimeout(() => {}, 60_000);
    systemClock
      .timer(0, () => {
        clearTimeout(held);
        resolve();
      })
      .refresh();
  });
});
