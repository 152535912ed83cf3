import { describe, expect, test } from "vitest";

import { noticeWords } from "../contract/notice.ts";
import type { PoolAccount } from "./account.ts";
import { usualTerms } from "./availability.ts";
import { accountNotice, accountSight, poolMood, poolNotice, poolSight } from "./notices.ts";
import type { PoolMood, PoolSight } from "./notices.ts";
import { account, blocked, HOUR, MINUTE, now, reading, SECOND, usedUp } from "./testing.ts";

const terms = { ...usualTerms, now };
const see = (one: PoolAccount, at = now) => accountSight(one, { ...terms, now: at });
const poolOf = (...accounts: PoolAccount[]) =>
  poolSight(
    accounts.map((one) => see(one)),
    now,
  );
const used = (id: string, usedPercent: number) =>
  account(id, { facts: { reading: reading([{ minutes: 300, usedPercent, resetsAt: now + HOUR }]) } });
const signedOut = account("out", { facts: { login: { state: "sign_in", code: "refresh_token_reused", since: now } } });
const barred = account("barred", { facts: { login: { state: "no_access", code: "region", since: now } } });
const ready = used("a", 10);

describe("the pool in a look", () => {
  test("counts the accounts by state, those that can serve and what is left on average", () => {
    const pool = poolOf(
      ready,
      used("b", 90),
      usedUp("c"),
      signedOut,
      account("new"),
      account("off", { isEnabled: false }),
    );
    expect(pool.byState).toMatchObject({ ready: 1, low: 1, exhausted: 1, sign_in: 1, unknown: 1, disabled: 1 });
    expect(pool).toMatchObject({ enabled: 5, able: 3, remainingPercent: (90 + 10) / 4, firstBackAt: now + HOUR });
  });

  test("an account that rests for less than a minute still counts as able", () => {
    const resting = (ms: number) => blocked("a", { code: "rate_limit_exceeded", until: now + ms });
    expect(poolOf(resting(30 * SECOND)).able).toBe(1);
    expect(poolOf(resting(5 * MINUTE)).able).toBe(0);
  });

  test("nothing is said of quota that nobody knows", () => {
    expect(poolOf(account("new")).remainingPercent).toBe(null);
  });
});

describe("news of an account", () => {
  const pool = poolOf(ready);
  test.each<[string, PoolAccount | null, PoolAccount | null, object | null]>([
    ["its login ends", ready, signedOut, { code: "account_needs_you", reason: "refresh_token_reused" }],
    ["it loses access", ready, barred, { code: "account_needs_you", reason: "region" }],
    ["signed out, it turns out to have no access", signedOut, barred, { code: "account_needs_you" }],
    ["it stays signed out", signedOut, signedOut, null],
    ["it comes in signed out", null, signedOut, null],
    ["it is switched on while signed out", account("out", { isEnabled: false }), signedOut, null],
    ["it signs in again", signedOut, ready, null],
    ["its used-up window is empty again", usedUp("a"), ready, { code: "window_reset", windowMinutes: 300 }],
    ["the refusal for its quota is over", blocked("a"), account("a"), { code: "window_reset", windowMinutes: null }],
    ["it was switched off while used up", usedUp("a"), account("a", { isEnabled: false }), null],
    ["it is used up", ready, usedUp("a"), null],
    ["a short rest ends", blocked("a", { code: "rate_limit_exceeded" }), ready, null],
    ["it is removed", usedUp("a"), null, null],
  ])("when %s", (_what, before, after, told) => {
    const notice = accountNotice(before && see(before), after && see(after), pool);
    expect(notice).toEqual(told === null ? null : expect.objectContaining(told));
  });

  test("a window that resets at its time is news without any event", () => {
    const one = usedUp("a");
    expect(accountNotice(see(one), see(one, now + HOUR), pool)).toMatchObject({ code: "window_reset" });
  });
});

describe("the mood of the pool", () => {
  const thresholds = { lowReady: 2, lowPercent: 20 };
  const sight = (more: Partial<PoolSight>): PoolSight => ({
    ...poolOf(),
    enabled: 5,
    able: 5,
    remainingPercent: 80,
    ...more,
  });
  test.each<[PoolMood, string, Partial<PoolSight>, PoolMood, string | null]>([
    ["fine", "one account is left", { able: 1 }, "low", "pool_low"],
    ["fine", "little quota is left", { remainingPercent: 19 }, "low", "pool_low"],
    ["fine", "just enough is left", { able: 2, remainingPercent: 20 }, "fine", null],
    ["fine", "nobody can serve", { able: 0 }, "exhausted", "pool_exhausted"],
    ["low", "it stays low", { able: 1 }, "low", null],
    ["low", "it is only just above the thresholds", { able: 2 }, "low", null],
    ["low", "its quota is only just above the thresholds", { remainingPercent: 24 }, "low", null],
    ["low", "it is well above the thresholds", { able: 3, remainingPercent: 25 }, "fine", "pool_recovered"],
    ["low", "nobody can serve", { able: 0 }, "exhausted", "pool_exhausted"],
    ["exhausted", "still nobody can serve", { able: 0 }, "exhausted", null],
    ["exhausted", "one can serve again", { able: 1 }, "recovering", "pool_recovered"],
    ["exhausted", "all can serve again", {}, "fine", "pool_recovered"],
    ["recovering", "it stays low", { able: 1 }, "recovering", null],
    ["recovering", "it is fine", {}, "fine", null],
    ["recovering", "nobody can serve again", { able: 0 }, "exhausted", "pool_exhausted"],
    ["exhausted", "the last account is switched off", { enabled: 0, able: 0 }, "fine", null],
  ])("%s, and %s", (before, _what, more, after, code) => {
    const pool = sight(more);
    const mood = poolMood(before, pool, thresholds);
    expect([mood, poolNotice(before, mood, pool)?.code ?? null]).toEqual([after, code]);
  });

  test("a pool of one account is not low for being small", () => {
    expect(poolMood("fine", sight({ enabled: 1, able: 1 }), thresholds)).toBe("fine");
    expect(poolMood("exhausted", sight({ enabled: 1, able: 1 }), thresholds)).toBe("fine");
  });

  test("thresholds of 0 are never reached", () => {
    const never = { lowReady: 0, lowPercent: 0 };
    expect(poolMood("low", sight({ able: 1, remainingPercent: 0 }), never)).toBe("fine");
  });

  test("an exhausted pool says when the first account comes back", () => {
    const pool = poolOf(usedUp("a"), signedOut);
    expect(poolNotice("fine", "exhausted", pool)).toMatchObject({ until: now + HOUR, able: 0, enabled: 2 });
  });
});

test("every notice has words in both languages, without gaps", () => {
  const facts = {
    account: null,
    reason: null,
    windowMinutes: null,
    until: null,
    able: 1,
    enabled: 2,
    remainingPercent: null,
  };
  const full = {
    account: { id: "x", label: "Ann" },
    reason: "r",
    windowMinutes: 300,
    until: now,
    remainingPercent: 12.4,
  };
  for (const code of ["pool_low", "pool_exhausted", "pool_recovered", "account_needs_you", "window_reset"] as const) {
    for (const notice of [
      { ...facts, code },
      { ...facts, ...full, code },
    ]) {
      const { en, zh } = noticeWords(notice);
      expect([en, zh]).toEqual([expect.stringMatching(/^[A-Z].*\.$/), expect.stringMatching(/^.*。$/)]);
      expect(en + zh).not.toMatch(/null|undefined|NaN/);
    }
  }
  expect(noticeWords({ ...facts, ...full, code: "window_reset" }).en).toBe(
    "The quota of account Ann has been reset (window of 5 h).",
  );
});
