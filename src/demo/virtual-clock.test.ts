import { expect, test } from "vitest";
import { VirtualClock } from "./virtual-clock.ts";

test("timers fire in their order, each at its own moment", () => {
  const clock = new VirtualClock(0);
  const fired: [string, number][] = [];
  clock.timer(20, () => fired.push(["b", clock.now()]));
  clock.timer(10, () => {
    fired.push(["a", clock.now()]);
    clock.timer(5, () => fired.push(["a+", clock.now()]));
  });
  clock.advance(19);
  expect(fired).toEqual([
    ["a", 10],
    ["a+", 15],
  ]);
  clock.advance(1);
  expect(fired.at(-1)).toEqual(["b", 20]);
  expect(clock.pending).toBe(0);
});

test("a timer can be begun anew or cancelled", () => {
  const clock = new VirtualClock(0);
  const fired: string[] = [];
  const kept = clock.timer(10, () => fired.push("kept"));
  clock.timer(10, () => fired.push("cancelled")).cancel();
  clock.advance(9);
  kept.refresh();
  clock.advance(9);
  expect(fired).toEqual([]);
  clock.advance(1);
  expect(fired).toEqual(["kept"]);
});
