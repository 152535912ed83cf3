import { describe, expect, test } from "vitest";
import type { PoolAccount } from "./account.ts";
import { manualCannotServe, nextChanceAt, nobodyCanServe } from "./nobody.ts";
import { account, ask, blocked, HOUR, MINUTE, now, pool } from "./testing.ts";

const request = ask({ model: "gpt-x" });
const tell = (...accounts: PoolAccount[]) => nobodyCanServe(pool(accounts), request, now);
const cooling = (id: string, until: number) => blocked(id, { code: "rate_limit_exceeded", until });
const without = (id: string) => blocked(id, { code: "model_not_supported", model: "gpt-x", until: now + 12 * HOUR });
const signedOut = (id: string) => account(id, { facts: { login: { state: "sign_in", code: "x", since: 0 } } });
const disabled = (id: string) => account(id, { isEnabled: false });

describe("when nobody can serve because", () => {
  test("all windows are used up, the earliest reset is told", () => {
    expect(tell(blocked("a", { until: now + 2 * HOUR }), blocked("b", { until: now + HOUR }))).toEqual({
      code: "usage_limit_reached",
      class: "gateway",
      scope: "request",
      retry: "never",
      message: "No account can serve now: 2 used up. Next try at 2026-11-20T13:00:00.000Z.",
      until: now + HOUR,
    });
  });

  test("other quotas are used up, that is the same to a client", () => {
    const told = tell(blocked("a", { code: "insufficient_quota" }), blocked("b", { code: "usage_not_included" }));
    expect(told).toMatchObject({
      code: "usage_limit_reached",
      message: expect.stringContaining("1 out of credit") as unknown,
    });
  });

  test("some only cool down, the next one to come back is told", () => {
    const told = tell(blocked("a"), cooling("b", now + MINUTE), cooling("c", now + 2 * MINUTE));
    expect(told).toMatchObject({ code: "rate_limit_exceeded", until: now + MINUTE });
    expect(told.message).toContain("1 used up, 2 cooling down");
  });

  test("the only one asked is ready again already, it is worth another try in a moment, whatever the others wait for", () => {
    expect(tell(account("a"))).toMatchObject({ code: "rate_limit_exceeded", until: now + 1000 });
    const told = tell(account("a"), blocked("b"), disabled("c"));
    expect(told).toMatchObject({ code: "rate_limit_exceeded", until: now + 1000 });
    expect(told.message).toContain("1 ready again, 1 used up, 1 disabled by you");
  });

  test("there is no account, what to do is told", () => {
    expect(tell()).toMatchObject({
      code: "no_account_available",
      message: "There is no account yet. Add an account or enable one.",
    });
    expect(tell().until).toBeUndefined();
  });

  test("all are disabled or signed out, what each waits for is told", () => {
    const told = tell(disabled("a"), signedOut("b"), signedOut("c"));
    expect(told.code).toBe("no_account_available");
    expect(told.message).toBe(
      "No account can serve: 1 disabled by you, 2 must sign in again. Add an account or enable one.",
    );
  });

  test("no account has the model, who stands in the way is told", () => {
    const told = tell(without("a"), without("b"), disabled("c"));
    expect(told.code).toBe("model_not_supported");
    expect(told.message).toBe("No account has the model gpt-x: 2 without this model, 1 disabled by you.");
    expect(told.until).toBeUndefined();
  });

  test("those that have the model are used up, it is a matter of time", () => {
    expect(tell(without("a"), blocked("b"))).toMatchObject({ code: "usage_limit_reached", until: now + HOUR });
  });

  test("signed-out ones stand beside used-up ones, only the latter have a time", () => {
    expect(tell(signedOut("a"), blocked("b"))).toMatchObject({ code: "usage_limit_reached", until: now + HOUR });
  });
});

describe("when all that could serve are busy", () => {
  test("it is worth another try in a moment", () => {
    const told = nobodyCanServe(pool([account("a"), blocked("b")], ["a"]), request, now);
    expect(told).toMatchObject({ code: "rate_limit_exceeded", until: now + 1000 });
    expect(told.message).toContain("1 at the limit of what they may serve at once, 1 used up");
  });
});

describe("when only the manual account may serve", () => {
  test("its own reason is told, whatever the others could do", () => {
    const strict = ask({ manualAccountId: "a", isManualStrict: true });
    const told = manualCannotServe(pool([blocked("a"), account("b")]), strict, now);
    expect(told).toMatchObject({ code: "usage_limit_reached", until: now + HOUR });
    expect(told.message).toContain("Only the manual account may serve.");
    expect(manualCannotServe(pool([account("b")]), strict, now).code).toBe("no_account_available");
  });
});

describe("it is worth looking again", () => {
  const none = new Set<string>();
  test("at once while somebody is free or busy", () => {
    expect(nextChanceAt(pool([blocked("a"), account("b")]), request, none, now)).toBe(now);
    expect(nextChanceAt(pool([account("b")], ["b"]), request, none, now)).toBe(now);
  });

  test("when the first comes back, of those that have tries left", () => {
    const accounts = pool([blocked("a", { until: now + 9 }), blocked("b"), disabled("c")]);
    expect(nextChanceAt(accounts, request, none, now)).toBe(now + 9);
    expect(nextChanceAt(accounts, request, new Set(["a"]), now)).toBe(now + HOUR);
  });

  test("never, when waiting helps nobody", () => {
    expect(nextChanceAt(pool([disabled("a"), signedOut("b")]), request, none, now)).toBeNull();
    expect(nextChanceAt(pool([account("a")]), request, new Set(["a"]), now)).toBeNull();
  });
});
