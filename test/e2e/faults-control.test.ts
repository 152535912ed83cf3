// What a person changes while clients work counts from the next turn on, and what conversations rely on survives a restart.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { DemoAccount } from "../../src/demo/index.ts";
import type { Pooled } from "../faults/pooled-service.ts";
import { startPooled } from "../faults/pooled-service.ts";

let service: Pooled;
beforeAll(async () => {
  service = await startPooled();
});
afterAll(() => service.close());

const served = { status: 200, isComplete: true };
const servedTurns = (accounts: readonly DemoAccount[]) => accounts.map(({ counts }) => counts.served);

describe("over RPC", () => {
  test("an account that is deleted is left at once, by its conversations too", async () => {
    const [first, second] = (await service.refill(2)) as [DemoAccount, DemoAccount];
    expect(await service.turn({ thread: "leaving" })).toMatchObject(served);
    await service.rpc("account/delete", { accountId: service.idOf(first) });
    expect(await service.turn({ thread: "leaving" })).toMatchObject(served);
    expect(await service.turn()).toMatchObject(served);
    expect(servedTurns([first, second])).toEqual([1, 2]);
  });

  test("an account that is disabled is left at once, and serves again when it is enabled", async () => {
    const [first, second] = (await service.refill(2)) as [DemoAccount, DemoAccount];
    const accountId = service.idOf(first);
    expect(await service.turn({ thread: "leaving" })).toMatchObject(served);
    await service.rpc("account/update", { accountId, status: "disabled" });
    expect(await service.states()).toEqual(["disabled", "free"]);
    expect(await service.turn({ thread: "leaving" })).toMatchObject(served);
    expect(await service.turn()).toMatchObject(served);
    expect(servedTurns([first, second])).toEqual([1, 2]);
    await service.restart();
    expect(await service.turn()).toMatchObject(served);
    await service.rpc("account/update", { accountId, status: "active" });
    expect(await service.turn()).toMatchObject(served);
    expect(servedTurns([first, second])).toEqual([2, 3]);
  });

  test("a turn that runs on an account that is deleted is served to its end", async () => {
    const [first] = (await service.refill(2)) as [DemoAccount];
    const hold = first.hold();
    const turn = service.turn();
    await hold.arrived;
    await service.rpc("account/delete", { accountId: service.idOf(first) });
    hold.release();
    expect(await turn).toMatchObject(served);
    expect(first.counts.served).toBe(1);
  });

  test("a new order counts for the next conversation, and leaves the running ones where they are", async () => {
    const [first, second] = (await service.refill(2)) as [DemoAccount, DemoAccount];
    expect(await service.turn({ thread: "running" })).toMatchObject(served);
    await service.rpc("account/update", { accountId: service.idOf(second), sort: -1 });
    expect(await service.turn({ thread: "running" })).toMatchObject(served);
    expect(await service.turn()).toMatchObject(served);
    expect(servedTurns([first, second])).toEqual([2, 1]);
  });

  test("a platform key that is disabled is answered 403 at once, and serves again when enabled", async () => {
    await service.refill(1);
    const { id, key } = await service.rpc("apikey/create");
    const headers = { authorization: `Bearer ${key}` };
    expect(await service.turn({ headers })).toMatchObject(served);
    await service.rpc("apikey/disable", { id });
    expect(await service.turn({ headers })).toMatchObject({ status: 403 });
    expect(service.world.turns()).toHaveLength(1);
    await service.rpc("apikey/enable", { id });
    expect(await service.turn({ headers })).toMatchObject(served);
    await service.rpc("apikey/delete", { id });
    expect(await service.turn({ headers })).toMatchObject({ status: 401 });
  });
});

test("conversations find their accounts again after a restart", async () => {
  const accounts = await service.refill(3);
  await service.rpc("gateway/routeStrategy/set", { strategy: "balanced" });
  const threads = ["one", "two", "three"];
  for (const thread of threads) await service.turn({ thread });
  const firstPlaces = (await service.rows(3)).map(({ accountId }) => accountId);
  expect(new Set(firstPlaces).size).toBe(3);

  await service.restart();
  for (const thread of threads.toReversed()) await service.turn({ thread });
  const places = (await service.rows(6)).slice(3).map(({ accountId }) => accountId);
  expect(places).toEqual(firstPlaces.toReversed());
  expect(servedTurns(accounts)).toEqual([2, 2, 2]);
  await service.rpc("gateway/routeStrategy/set", { strategy: "ordered" });
});
