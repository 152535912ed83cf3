// A pool that is used up, on a clock that only moves when told: one honest answer, nothing forgotten by a restart, and
// accounts that come back by themselves.

import { afterEach, beforeEach, expect, test } from "vitest";

import type { DemoAccount } from "../../src/demo/index.ts";
import { VirtualClock } from "../../src/kit/virtual-clock.ts";
import type { Pooled } from "../faults/pooled-service.ts";
import { startPooled } from "../faults/pooled-service.ts";

const HOUR_MS = 3_600_000;

let clock: VirtualClock;
let service: Pooled;
beforeEach(async () => {
  clock = new VirtualClock();
  service = await startPooled({ clock, world: { clock } });
});
afterEach(() => service.close());

const served = { status: 200, isComplete: true };

async function refillExhausted(...resetsInHours: readonly number[]): Promise<DemoAccount[]> {
  const accounts = await service.refill(resetsInHours.length);
  for (const [at, account] of accounts.entries()) account.exhaust({ resetsInMs: (resetsInHours[at] ?? 0) * HOUR_MS });
  return accounts;
}

const turnsAsked = () => service.world.turns().length;

test("all used up is one 429 with the earliest reset, and nobody is asked before it, not even after a restart", async () => {
  await refillExhausted(3, 1, 2);
  const resetsAt = Math.floor((clock.now() + HOUR_MS) / 1000);
  const usedUp = { status: 429, error: { type: "usage_limit_reached", resets_at: resetsAt } };
  expect(await service.turn()).toMatchObject(usedUp);
  expect(turnsAsked()).toBe(3);
  const states = await service.states();
  expect(states).toEqual(Array(3).fill("usage_limit_reached"));

  expect(await service.turn()).toMatchObject(usedUp);
  await service.restart();
  expect(await service.states()).toEqual(states);
  expect(await service.turn()).toMatchObject(usedUp);
  expect(turnsAsked()).toBe(3);
});

test("an account serves again by itself once its window is over, and only that one", async () => {
  const [late, early] = (await refillExhausted(5, 1)) as [DemoAccount, DemoAccount];
  expect(await service.turn()).toMatchObject({ status: 429 });
  clock.advance(HOUR_MS + 5_000);
  expect(await service.turn()).toMatchObject(served);
  expect([early.counts.served, late.counts.turns]).toEqual([1, 1]);
  expect(await service.states()).toEqual(["usage_limit_reached", "free"]);
});

test("an account that is brought in used up is asked once, and serves after its reset", async () => {
  const [account] = (await refillExhausted(2)) as [DemoAccount];
  expect(await service.turn()).toMatchObject({ status: 429 });
  await service.restart();
  clock.advance(2 * HOUR_MS - 60_000);
  expect(await service.turn()).toMatchObject({ status: 429 });
  expect(account.counts.turns).toBe(1);
  clock.advance(65_000);
  expect(await service.turn()).toMatchObject(served);
});

test("an account that is added while all others are used up serves the next turn", async () => {
  await refillExhausted(5);
  expect(await service.turn({ thread: "waiting" })).toMatchObject({ status: 429 });
  await service.import([service.world.addAccount({ name: "rescue" })]);
  expect(await service.turn({ thread: "waiting" })).toMatchObject(served);
  expect(turnsAsked()).toBe(2);
});
