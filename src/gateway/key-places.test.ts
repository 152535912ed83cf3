import { expect, test } from "vitest";
import { VirtualClock } from "../kit/virtual-clock.ts";
import { KeyPlaces } from "./key-places.ts";

const never = (): void => {};
const limits = { most: 1, waitMs: 1000 };

test("a key has as many requests under way as it may, the others wait in their order", async () => {
  const places = new KeyPlaces(new VirtualClock());
  const order: string[] = [];
  expect(await places.take("k", { most: 2, waitMs: 0 }, never)).toBe(true);
  expect(await places.take("k", { most: 2, waitMs: 0 }, never)).toBe(true);
  const waits = ["a", "b"].map((name) => places.take("k", limits, never).then(() => order.push(name)));
  places.giveBack("k");
  places.giveBack("k");
  await Promise.all(waits);
  expect(order).toEqual(["a", "b"]);
});

test("one key does not wait for another", async () => {
  const places = new KeyPlaces(new VirtualClock());
  await places.take("k", limits, never);
  expect(await places.take("other", limits, never)).toBe(true);
});

test("a wait ends in vain at its time, and the place it did not get is not lost", async () => {
  const clock = new VirtualClock();
  const places = new KeyPlaces(clock);
  await places.take("k", limits, never);
  const waited = places.take("k", limits, never);
  clock.advance(1000);
  expect(await waited).toBe(false);
  places.giveBack("k");
  expect(await places.take("k", limits, never)).toBe(true);
  expect(clock.pending).toBe(0);
});

test("who leaves while waiting takes no place", async () => {
  const places = new KeyPlaces(new VirtualClock());
  await places.take("k", limits, never);
  const acts: Array<(() => void) | null> = [];
  const waited = places.take("k", limits, (act) => acts.push(act));
  acts[0]?.();
  expect(await waited).toBe(false);
  places.giveBack("k");
  expect(await places.take("k", limits, never)).toBe(true);
});
