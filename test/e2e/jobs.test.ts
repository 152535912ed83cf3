// The background jobs of the real service, with the service's time in our hands.

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { VirtualClock } from "../../src/kit/virtual-clock.ts";
import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

let clock: VirtualClock;
let running: Running;

beforeEach(async () => {
  clock = new VirtualClock(Date.now());
  running = await runService({ clock });
});
afterEach(() => running.close());

async function job(name: string) {
  const { items } = await running.rpc("jobs/list");
  return items.find((item) => item.name === name)!;
}

async function ended(name: string): Promise<void> {
  const isOver = async () => expect(await job(name)).toMatchObject({ isRunning: false, lastRunAt: expect.any(Number) });
  await vi.waitFor(isOver, 20_000);
}

test("quotas are read, models asked for and logins renewed that end soon, each in its time", async () => {
  const anna = running.world.addAccount({ name: "anna", accessTokenLifeMs: 9 * 60_000 });
  await running.importAccounts([anna]);
  clock.advance(9000);
  expect(running.world.requests).toEqual([]);

  clock.advance(1000);
  await ended("token-renewal");
  expect(anna.counts).toMatchObject({ refreshes: 1, usageReads: 0 });

  clock.advance(30_000);
  await ended("usage-polling");
  await ended("keepalive");
  expect(anna.counts).toMatchObject({ refreshes: 1, usageReads: 1 });
  expect(running.world.requests.filter(({ path }) => path.endsWith("/models"))).toHaveLength(1);
  expect((await running.rpc("account/usage/list")).items).toHaveLength(1);
});

test("an account that was used up when it came is looked at as soon as its window is over", async () => {
  const dora = running.world.addAccount({ name: "dora" });
  dora.exhaust({ lengthMinutes: 300, resetsInMs: 3 * 60_000 });
  await running.importAccounts([dora]);
  await running.rpc("account/usage/refresh");
  expect((await running.rpc("account/list")).items[0]).toMatchObject({ state: "exhausted" });
  dora.setUsed(0);
  clock.advance(4 * 60_000);
  await ended("recovery-probes");
  clock.advance(15_000);
  await vi.waitFor(() => expect(dora.counts.usageReads).toBe(2), 20_000);
  await ended("recovery-probes");
  expect((await running.rpc("account/list")).items[0]).toMatchObject({ state: "ready" });
  expect(running.world.turns()).toEqual([]);
});

test("a service without accounts asks nobody for anything", async () => {
  for (let minute = 0; minute < 20; minute += 1) {
    clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await ended("usage-polling");
  expect(running.world.requests).toEqual([]);
  const { items } = await running.rpc("jobs/list");
  expect(items.map(({ failures, lastError }) => [failures, lastError])).toEqual(items.map(() => [0, null]));
});

test("a job that was switched off does not run until it is switched on", async () => {
  await running.importAccounts([running.world.addAccount({ name: "bert" })]);
  await running.rpc("gateway/backgroundTasks/set", { usagePollingEnabled: false });
  expect(await job("usage-polling")).toMatchObject({ isEnabled: false, nextRunAt: null });
  clock.advance(700_000);
  await ended("keepalive");
  expect((await job("usage-polling")).lastRunAt).toBeNull();
  await running.rpc("gateway/backgroundTasks/set", { usagePollingEnabled: true });
  clock.advance(1);
  await ended("usage-polling");
  expect(running.world.accounts[0]!.counts.usageReads).toBe(1);
});

test("stopping breaks off what a job has under way", async () => {
  const carla = running.world.addAccount({ name: "carla" });
  await running.importAccounts([carla]);
  const held = running.world.hold("usage");
  clock.advance(40_000);
  await running.world.waitForRequest(({ path }) => path.includes("usage"));
  expect(await job("usage-polling")).toMatchObject({ isRunning: true, nextRunAt: null });
  await running.service.stop();
  held.release();
});
