// How an account comes back before its time: a poll that speaks against a refusal lets one request find out.

import { afterEach, beforeEach, expect, test } from "vitest";

import { faults } from "../../src/demo/index.ts";
import type { DemoAccount } from "../../src/demo/index.ts";
import { type Pooled, startPooled } from "../faults/pooled-service.ts";

let service: Pooled;
let first: DemoAccount;
let second: DemoAccount;
beforeEach(async () => {
  service = await startPooled();
  [first, second] = (await service.refill(2)) as [DemoAccount, DemoAccount];
  first.exhaust({ resetsInMs: 3_600_000 });
  await service.turn();
  expect(await service.story()).toEqual(["1 usage_limit_reached", "2 ok"]);
});
afterEach(() => service.close());

const readUsage = () => service.rpc("account/usage/refresh");

test("after an early reset the next request is served there, and the block is gone", async () => {
  first.setUsed(0);
  await service.turn();
  expect(await service.story()).toEqual(["2 ok"]);
  await readUsage();
  await service.turn();
  expect(await service.story()).toEqual(["1 ok"]);
  expect(await service.states()).toEqual(["free", "free"]);
});

test("a poll that lies costs one refused attempt, and the client nothing", async () => {
  first.setUsed(10);
  first.fail(faults.usageLimit(), { times: Number.POSITIVE_INFINITY });
  await readUsage();
  await service.turn();
  expect(await service.story()).toEqual(["1 usage_limit_reached", "2 ok"]);
  await service.turn();
  expect(await service.story()).toEqual(["2 ok"]);
  expect(await service.states()).toEqual(["usage_limit_reached", "free"]);
});

test("one request finds out, the others do not wait for it", async () => {
  first.setUsed(0);
  await readUsage();
  const hold = first.hold("turn");
  const probe = service.turn();
  await hold.arrived;
  expect(await service.turn()).toMatchObject({ status: 200 });
  expect(second.counts.served).toBe(2);
  hold.release();
  expect(await probe).toMatchObject({ status: 200 });
});
