import { expect, test } from "vitest";

import { VirtualClock } from "../kit/virtual-clock.ts";
import type { PoolAccount } from "../pool/account.ts";
import { account, block, HOUR, MINUTE, reading } from "../pool/testing.ts";
import { recoveryProbes } from "./recovery-probes.ts";
import { changeableSettings } from "./testing.ts";

/** Looks once a minute; `asks` are the minutes from the start at which each account was read. */
function bench(make: (now: number) => readonly PoolAccount[], after?: (account: PoolAccount) => PoolAccount) {
  const clock = new VirtualClock();
  const startedAt = clock.now();
  const settings = changeableSettings();
  const held = new Map(make(startedAt).map((one) => [one.id, one]));
  const asks: (readonly [number, string])[] = [];
  let most = 0;
  const job = recoveryProbes({
    settings: () => settings.current,
    clock,
    source: { list: () => [...held.values()] },
    usage: {
      async refresh(ids) {
        most = Math.max(most, ids.length);
        for (const id of ids) {
          asks.push([(clock.now() - startedAt) / MINUTE, id]);
          if (after) held.set(id, after(held.get(id)!));
        }
        return { refreshed: ids, failed: [] };
      },
    },
  });
  async function pass(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      clock.advance(MINUTE);
      await job.run(new AbortController().signal);
    }
  }
  return { job, pass, asks, held, most: () => most, minutes: () => asks.map(([minute]) => minute) };
}

const refused = (id: string, now: number, minutes: number) =>
  account(id, { facts: { blocks: [block({ since: now, until: now + minutes * MINUTE })] } });

test("a refused account is looked at on a slow ladder, and right when the refusal ends", async () => {
  const { pass, minutes } = bench((now) => [refused("a", now, 190)]);
  await pass(300);
  expect(minutes()).toEqual([5, 15, 35, 75, 135, 190]);
});

test("a full window that nobody was refused for is looked at when it should be empty", async () => {
  const { pass, minutes } = bench((now) => {
    const windows = [{ minutes: 300, usedPercent: 100, resetsAt: now + 4 * MINUTE }];
    return [account("a", { facts: { reading: reading(windows, { at: now }) } })];
  });
  await pass(30);
  expect(minutes()).toEqual([4]);
});

test("accounts that are well, switched off, signed out or only pause are left alone", async () => {
  const { pass, asks } = bench((now) => [
    account("well"),
    { ...refused("off", now, 20), isEnabled: false },
    account("out", { facts: { login: { state: "sign_in", code: null, since: now } } }),
    account("burst", { facts: { blocks: [block({ code: "rate_limit_exceeded", since: now, until: now + HOUR })] } }),
    account("model", { facts: { blocks: [block({ model: "m", since: now, until: now + HOUR })] } }),
  ]);
  await pass(60);
  expect(asks).toEqual([]);
});

test("a reading that somebody else took counts as a look", async () => {
  const { pass, minutes, held } = bench((now) => [refused("a", now, 60)]);
  await pass(4);
  const one = held.get("a")!;
  const since = one.facts.blocks[0]!.since;
  held.set("a", { ...one, facts: { ...one.facts, reading: reading([], { source: "poll", at: since + 4 * MINUTE }) } });
  await pass(8);
  expect(minutes()).toEqual([9]);
});

test("many are looked at a few at a time, and none is forgotten", async () => {
  const ids = Array.from({ length: 30 }, (_, index) => `a${index}`);
  const { pass, asks, most } = bench((now) => ids.map((id) => refused(id, now, 6)));
  await pass(30);
  expect(most()).toBe(4);
  expect(new Set(asks.map(([, id]) => id)).size).toBe(30);
});

test("accounts that cannot be read are a failure to tell", async () => {
  const clock = new VirtualClock();
  const settings = changeableSettings();
  const job = recoveryProbes({
    settings: () => settings.current,
    clock,
    source: { list: () => [refused("a", clock.now() - HOUR, 59)] },
    usage: { refresh: async () => ({ refreshed: [], failed: [{ accountId: "a", message: "down" }] }) },
  });
  expect(await job.run(new AbortController().signal)).toEqual({ failed: expect.stringContaining("down") as string });
});
