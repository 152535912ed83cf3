import { expect, test } from "vitest";

import { VirtualClock } from "../kit/virtual-clock.ts";
import type { PoolAccount } from "../pool/account.ts";
import { account, block, HOUR, reading } from "../pool/testing.ts";
import { creditRedemption, redemptionId } from "./credit-redemption.ts";
import { changeableSettings } from "./testing.ts";

function bench(make: (now: number) => readonly PoolAccount[], code = "reset") {
  const clock = new VirtualClock();
  const settings = changeableSettings({ "routing.redeemsResetCredits": true });
  let accounts = make(clock.now());
  const redeemed: (readonly [string, string])[] = [];
  const job = creditRedemption({
    settings: () => settings.current,
    clock,
    source: { list: () => accounts },
    resetCredits: {
      async redeem(id, requestId) {
        redeemed.push([id, requestId]);
        return code === "lost" ? { ok: false, message: "silent" } : { ok: true, code };
      },
    },
  });
  return {
    clock,
    settings,
    job,
    ids: () => redeemed.map(([id]) => id),
    requests: () => redeemed.map(([, requestId]) => requestId),
    run: () => job.run(new AbortController().signal),
    replace: (change: (now: number) => readonly PoolAccount[]) => (accounts = change(clock.now())),
  };
}

function exhausted(id: string, now: number, hours: number, resetCredits: number | null = 1): PoolAccount {
  const blocks = [block({ since: now, until: now + hours * HOUR })];
  return account(id, { facts: { blocks, reading: reading([], { source: "refusal", at: now, resetCredits }) } });
}

test("it is off unless the user switches it on", () => {
  expect(
    creditRedemption({ ...bench(() => []), settings: () => changeableSettings().current } as never).isEnabled(),
  ).toBe(false);
});

test("with everybody refused for long, one credit of whoever is away longest is redeemed", async () => {
  const { run, ids } = bench((now) => [exhausted("a", now, 5), exhausted("b", now, 100), exhausted("c", now, 200, 0)]);
  expect(await run()).toBe("done");
  expect(ids()).toEqual(["b"]);
});

test.each<[string, (now: number) => readonly PoolAccount[]]>([
  ["somebody can serve", (now) => [exhausted("a", now, 5), account("b")]],
  ["somebody only pauses", (now) => [exhausted("a", now, 5), account("b", pausing(now))]],
  ["somebody is back soon", (now) => [exhausted("a", now, 5), exhausted("b", now, 1)]],
  ["nobody has a credit", (now) => [exhausted("a", now, 5, 0), exhausted("b", now, 5, null)]],
  ["nobody is there", () => []],
  ["a poll speaks against the refusal", (now) => [promising(exhausted("a", now, 5), now + 1), exhausted("b", now, 5)]],
])("nothing is redeemed while %s", async (_what, make) => {
  const { run, ids } = bench(make);
  expect(await run()).toBe("idle");
  expect(ids()).toEqual([]);
});

test("accounts that are off or signed out wait for nobody and are waited for by nobody", async () => {
  const { run, ids } = bench((now) => [
    exhausted("a", now, 5),
    account("off", { isEnabled: false }),
    account("out", { facts: { login: { state: "sign_in", code: null, since: now } } }),
  ]);
  expect(await run()).toBe("done");
  expect(ids()).toEqual(["a"]);
});

test.each(["reset", "already_redeemed", "no_credit", "nothing_to_reset"])(
  "after the answer %s the same exhaustion costs nothing more, the next one may",
  async (code) => {
    const { run, ids, replace, clock } = bench((now) => [exhausted("a", now, 5)], code);
    await run();
    expect(await run()).toBe("idle");
    clock.advance(HOUR);
    replace((now) => [exhausted("a", now, 5)]);
    await run();
    expect(ids()).toEqual(["a", "a"]);
  },
);

test("a lost answer is asked for again under the same id", async () => {
  const { run, requests } = bench((now) => [exhausted("a", now, 5)], "lost");
  expect(await run()).toMatchObject({ failed: expect.stringContaining("silent") as string });
  await run();
  expect(requests()).toHaveLength(2);
  expect(new Set(requests()).size).toBe(1);
});

test("an exhaustion has one id of its own, in the form of a UUID", () => {
  const id = redemptionId("a", 5 * HOUR);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(redemptionId("a", 5 * HOUR)).toBe(id);
  expect(redemptionId("b", 5 * HOUR)).not.toBe(id);
  expect(redemptionId("a", 6 * HOUR)).not.toBe(id);
});

function pausing(now: number): Parameters<typeof account>[1] {
  return { facts: { blocks: [block({ code: "rate_limit_exceeded", since: now, until: now + 1000 })] } };
}

function promising(one: PoolAccount, at: number): PoolAccount {
  const windows = [{ minutes: 300, usedPercent: 1, resetsAt: null }];
  return { ...one, facts: { ...one.facts, reading: reading(windows, { source: "poll", at, resetCredits: 1 }) } };
}
