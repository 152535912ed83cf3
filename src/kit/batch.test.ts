import { expect, test } from "vitest";
import { createBatch } from "./batch.ts";
import type { Clock } from "./clock.ts";

/** A clock whose timers fire when told. */
function manualClock() {
  const timers: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    timer(_ms, fire) {
      timers.push(fire);
      return { refresh: () => {}, cancel: () => {} };
    },
  };
  return { clock, fireAll: () => timers.splice(0).forEach((fire) => fire()), waiting: () => timers.length };
}

test("many requests to write become one write", async () => {
  const { clock, fireAll } = manualClock();
  let writes = 0;
  const batch = createBatch({ clock, delayMs: 100, write: () => void (writes += 1), onError: () => {} });
  batch.soon();
  batch.soon();
  expect(writes).toBe(0);
  fireAll();
  await batch.flush();
  expect(writes).toBe(1);
});

test("what is asked for during a write is written after it, never beside it", async () => {
  const { clock, fireAll } = manualClock();
  const gates: PromiseWithResolvers<void>[] = [];
  const batch = createBatch({
    clock,
    delayMs: 100,
    write() {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      return gate.promise;
    },
    onError: () => {},
  });
  batch.soon();
  fireAll();
  batch.soon();
  fireAll();
  expect(gates).toHaveLength(1);
  const flushed = batch.flush();
  gates[0]!.resolve();
  while (gates.length < 2) await Promise.resolve();
  gates[1]!.resolve();
  await flushed;
  expect(gates).toHaveLength(2);
});

test("a failed write is reported and tried again", async () => {
  const { clock, fireAll, waiting } = manualClock();
  const errors: unknown[] = [];
  let writes = 0;
  const write = () => {
    writes += 1;
    if (writes === 1) throw new Error("full");
  };
  const batch = createBatch({ clock, delayMs: 100, write, onError: (error) => void errors.push(error) });
  batch.soon();
  await batch.flush();
  expect(errors).toEqual([new Error("full")]);
  expect(waiting()).toBeGreaterThan(0);
  fireAll();
  await batch.flush();
  expect(writes).toBe(2);
});
