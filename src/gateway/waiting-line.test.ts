import { expect, test } from "vitest";
import { VirtualClock } from "../kit/virtual-clock.ts";
import { WaitingLine } from "./waiting-line.ts";

const never = (): void => {};

test("everybody looks again in the order in which they came", async () => {
  const line = new WaitingLine(new VirtualClock());
  const order: string[] = [];
  const waits = ["a", "b", "c"].map((name) => line.wait(1000, never).then(() => order.push(name)));
  line.wake();
  await Promise.all(waits);
  expect(order).toEqual(["a", "b", "c"]);
});

test("a wait ends by itself at its time, and leaves no timer behind", async () => {
  const clock = new VirtualClock();
  const line = new WaitingLine(clock);
  const waited = line.wait(1000, never);
  clock.advance(1000);
  await waited;
  expect(clock.pending).toBe(0);
});

test("who leaves waits no longer, and hears of nothing afterwards", async () => {
  const clock = new VirtualClock();
  const line = new WaitingLine(clock);
  const acts: Array<(() => void) | null> = [];
  const waited = line.wait(1000, (act) => acts.push(act));
  acts[0]?.();
  await waited;
  expect(acts.at(-1)).toBeNull();
  expect(clock.pending).toBe(0);
});

test("the line takes a thousand and no more", () => {
  const line = new WaitingLine(new VirtualClock());
  for (let count = 0; count < 1000; count += 1) void line.wait(1000, never);
  expect(line.isFull).toBe(true);
  line.wake();
  expect(line.isFull).toBe(false);
});
