// One healthy account is enough: whatever the others have, the client sees a served turn, and each of them is told
// apart in the list of accounts.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { DemoAccount, Fault } from "../../src/demo/index.ts";
import { faults } from "../../src/demo/index.ts";
import type { Pooled } from "../faults/pooled-service.ts";
import { startPooled } from "../faults/pooled-service.ts";

let service: Pooled;
beforeAll(async () => {
  service = await startPooled();
});
afterAll(() => service.close());

const served = { status: 200, isComplete: true, isBroken: false };

function renewalsAsked(account: DemoAccount): number {
  return service.world.requests.filter(({ path, account: who }) => path === "/oauth/token" && who === account).length;
}

test("four limited accounts in a row, the fifth serves and the list says until when the others rest", async () => {
  const accounts = await service.refill(5);
  for (const account of accounts.slice(0, 4)) account.exhaust({ resetsInMs: 3_600_000 });
  expect(await service.turn()).toMatchObject(served);
  expect(await service.story()).toEqual([
    "1 usage_limit_reached",
    "2 usage_limit_reached",
    "3 usage_limit_reached",
    "4 usage_limit_reached",
    "5 ok",
  ]);
  const { items } = await service.rpc("account/list");
  expect(items.map(({ stateReason }) => stateReason)).toEqual([...Array<string>(4).fill("usage_limit_reached"), null]);
  const until = items[0]?.stateUntil ?? 0;
  expect(Math.abs(until * 1000 - (accounts[0]?.exhaustedUntil() ?? 0))).toBeLessThan(5_000);

  expect(await service.turn()).toMatchObject(served);
  expect(await service.story()).toEqual(["5 ok"]);
});

test("behind a limited account, a refused token is renewed and its account serves", async () => {
  const [limited, renewed, spare] = await service.refill(3);
  limited?.exhaust();
  renewed?.invalidateAccessTokens();
  expect(await service.turn()).toMatchObject(served);
  expect(await service.story()).toEqual(["1 usage_limit_reached", "2 token_invalidated", "2 ok"]);
  expect([renewed?.refreshes, spare?.counts.turns]).toEqual([1, 0]);
  expect(await service.states()).toEqual(["usage_limit_reached", "free", "free"]);
});

test("a refresh token that was used already asks for a new sign-in, once and for good", async () => {
  const [limited, reused, healthy] = (await service.refill(3)) as [DemoAccount, DemoAccount, DemoAccount];
  limited.exhaust();
  reused.invalidateAccessTokens();
  reused.endSession("used");
  expect(await service.turn()).toMatchObject(served);
  expect((await service.story()).at(-1)).toBe("3 ok");
  expect(await service.states()).toEqual(["usage_limit_reached", "sign_in", "free"]);
  expect(renewalsAsked(reused)).toBe(1);

  expect(await service.turn()).toMatchObject(served);
  await service.restart();
  expect(await service.states()).toEqual(["usage_limit_reached", "sign_in", "free"]);
  await expect(service.rpc("gateway/manualAccount/set", { accountId: service.idOf(reused) })).rejects.toThrow(
    "account",
  );
  expect(await service.turn()).toMatchObject(served);
  expect(renewalsAsked(reused)).toBe(1);
  expect([reused.counts.served, healthy.counts.served]).toEqual([0, 3]);

  reused.signIn();
  await service.import([reused]);
  expect(await service.states()).toEqual(["usage_limit_reached", "free", "free"]);
  expect(await service.turn()).toMatchObject(served);
  expect(reused.counts.served).toBe(1);
});

test("an issuer that refuses for the region takes the account out, not the turn", async () => {
  const [blocked, healthy] = (await service.refill(2)) as [DemoAccount, DemoAccount];
  blocked.invalidateAccessTokens();
  blocked.fail(faults.regionBlocked(), { on: "token", times: Number.POSITIVE_INFINITY });
  expect(await service.turn()).toMatchObject(served);
  expect(await service.turn()).toMatchObject(served);
  expect(await service.states()).toEqual(["no_access", "free"]);
  expect([renewalsAsked(blocked), healthy.counts.served]).toEqual([1, 2]);
});

test("trouble on the way to the issuer marks nothing", async () => {
  const [unlucky] = await service.refill(2);
  unlucky?.invalidateAccessTokens();
  unlucky?.fail(faults.serverError(502), { on: "token" });
  expect(await service.turn()).toMatchObject(served);
  expect((await service.story()).at(-1)).toBe("2 ok");
  expect(await service.states()).toEqual(["free", "free"]);
});

describe("the account is left, and its state is told, when it is refused by", () => {
  const refusals: ReadonlyArray<readonly [string, Fault, string, string]> = [
    ["a deactivation", faults.accountDeactivated(), "account_deactivated", "no_access"],
    ["a challenge page, which is no fault of the account", faults.cloudflareChallenge(), "upstream_challenge", "free"],
    ["a used-up quota with status 400", faults.usageLimit400(), "usage_limit_reached", "usage_limit_reached"],
    ["a used-up quota inside a 200", faults.usageLimitInStream(), "usage_limit_reached", "usage_limit_reached"],
  ];
  test.each(refusals)("%s", async (_title, fault, code, state) => {
    const [refused] = await service.refill(2);
    refused?.fail(fault);
    const end = await service.turn();
    expect(end).toMatchObject(served);
    expect(end.text).not.toContain("failed");
    expect(await service.story()).toEqual([`1 ${code}`, "2 ok"]);
    expect(await service.states()).toEqual([state, "free"]);
  });
});
