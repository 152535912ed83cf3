import { describe, expect, test } from "vitest";

import type { Failure } from "../contract/failure.ts";
import { VirtualClock } from "../kit/virtual-clock.ts";
import type { PoolAccount } from "../pool/account.ts";
import { account } from "../pool/testing.ts";
import { changeableSettings, turn } from "./testing.ts";
import { tokenRenewal } from "./token-renewal.ts";

const refused: Failure = {
  code: "sign_in_required",
  class: "credential",
  scope: "account",
  retry: "next",
  message: "ann has to sign in again.",
};
const unreachable: Failure = {
  code: "upstream_unreachable",
  class: "host",
  scope: "host",
  retry: "next",
  message: "The issuer is down.",
};

/** Accounts that are all due until they are renewed; a failure or null in `answers` is what one gets instead. */
function bench(accounts: readonly PoolAccount[]) {
  const clock = new VirtualClock();
  const due = new Set(accounts.map(({ id }) => id));
  const answers = new Map<string, Failure | null>();
  const asked: string[] = [];
  const load = { now: 0, most: 0 };
  const settings = changeableSettings();
  const job = tokenRenewal({
    settings: () => settings.current,
    clock,
    source: { find: (id) => accounts.find((one) => one.id === id) ?? null },
    tokens: {
      due: async (aheadMs) => (aheadMs === 600_000 ? [...due] : []),
      async renewAhead(id) {
        asked.push(id);
        load.now += 1;
        load.most = Math.max(load.most, load.now);
        await turn();
        load.now -= 1;
        const answer = answers.get(id);
        if (answer === null) return null;
        if (answer !== undefined) return { ok: false, failure: answer };
        due.delete(id);
        return { ok: true };
      },
    },
  });
  const run = (signal = new AbortController().signal) => job.run(signal);
  return { clock, due, answers, asked, load, run };
}

const accounts = (count: number) => Array.from({ length: count }, (_, index) => account(`acc_${index}`));

describe("token renewal", () => {
  test("renews what ends within ten minutes, and has nothing to do after that", async () => {
    const { run, asked } = bench(accounts(3));
    expect(await run()).toBe("done");
    expect(asked).toEqual(["acc_0", "acc_1", "acc_2"]);
    expect(await run()).toBe("idle");
    expect(asked).toHaveLength(3);
  });

  test("leaves disabled and signed-out accounts alone, and those that are gone", async () => {
    const login = { state: "no_access", code: "x", since: 0 } as const;
    const { run, asked, due } = bench([account("off", { isEnabled: false }), account("out", { facts: { login } })]);
    due.add("gone");
    expect(await run()).toBe("idle");
    expect(asked).toEqual([]);
  });

  test("renews at most 256 logins a round, a few at a time", async () => {
    const { run, asked, load } = bench(accounts(300));
    await run();
    expect(asked).toHaveLength(256);
    expect(load.most).toBe(4);
    await run();
    expect(new Set(asked).size).toBe(300);
  });

  test("lets nobody wait behind logins that fail time and again", async () => {
    const { run, asked, answers, clock } = bench(accounts(300));
    for (let index = 0; index < 256; index += 1) answers.set(`acc_${index}`, unreachable);
    await run();
    clock.advance(60_000);
    await run();
    expect(asked.slice(256, 300)).toEqual(accounts(44).map((_, index) => `acc_${256 + index}`));
  });

  test("fails when no login could be renewed for trouble on the way", async () => {
    const { run, answers } = bench(accounts(2));
    answers.set("acc_0", unreachable).set("acc_1", unreachable);
    expect(await run()).toEqual({ failed: "None of 2 logins could be renewed; the first: The issuer is down." });
    answers.delete("acc_1");
    expect(await run()).toBe("done");
  });

  test("does not count the issuer's final word as trouble", async () => {
    const { run, answers } = bench(accounts(1));
    answers.set("acc_0", refused);
    expect(await run()).toBe("done");
  });

  test("does not count logins that cannot be renewed", async () => {
    const { run, answers } = bench(accounts(1));
    answers.set("acc_0", null);
    expect(await run()).toBe("idle");
  });

  test("starts no further renewal once it is broken off", async () => {
    const { run, asked } = bench(accounts(20));
    const breaking = new AbortController();
    const ended = run(breaking.signal);
    await turn();
    breaking.abort();
    await ended;
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThanOrEqual(8);
  });
});
