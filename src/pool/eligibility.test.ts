import { describe, expect, test } from "vitest";
import { seemsUsedUp, whyNot } from "./eligibility.ts";
import { account, block, blocked, HOUR, now, reading, usedUp } from "./testing.ts";

describe("an account may serve", () => {
  test("when nothing is held against it", () => expect(whyNot(account("a"), "m", now)).toBeNull());

  test.each([
    ["disabled", account("a", { isEnabled: false }), null],
    ["sign_in", account("a", { facts: { login: { state: "sign_in", code: "x", since: 0 } } }), null],
    ["no_access", account("a", { facts: { login: { state: "no_access", code: "x", since: 0 } } }), null],
    ["deactivated", account("a", { facts: { login: { state: "deactivated", code: "x", since: 0 } } }), null],
    ["usage_limit_reached", blocked("a"), now + HOUR],
  ])("but not when %s", (reason, each, until) => {
    expect(whyNot(each, "m", now)).toEqual({ accountId: "a", reason, until });
  });

  test("with other models when only one is blocked", () => {
    const each = blocked("a", { model: "m", code: "model_not_supported" });
    expect(whyNot(each, "m", now)?.reason).toBe("model_not_supported");
    expect(whyNot(each, "other", now)).toBeNull();
    expect(whyNot(each, null, now)).toBeNull();
  });

  test("again once the longest of its blocks is over", () => {
    const blocks = [
      block({ until: now + 1 }),
      block({ code: "rate_limit_exceeded", until: now + 9 }),
      block({ until: now - 1 }),
    ];
    const each = account("a", { facts: { blocks } });
    expect(whyNot(each, "m", now)).toMatchObject({ reason: "rate_limit_exceeded", until: now + 9 });
    expect(whyNot(each, "m", now + 9)).toBeNull();
  });

  test("while its reading says that it is used up: a reading forbids nothing", () => {
    expect(whyNot(usedUp("a"), "m", now)).toBeNull();
  });
});

describe("an account seems used up", () => {
  const seems = (usedPercent: number, resetsAt: number | null) => {
    return seemsUsedUp(
      account("a", { facts: { reading: reading([{ minutes: 10_080, usedPercent, resetsAt }]) } }),
      now,
    );
  };

  test("when any window is full, until that resets", () => {
    expect(seems(100, now + 1)).toBe(true);
    expect(seems(99.9, now + 1)).toBe(false);
    expect(seems(100, now)).toBe(false);
    expect(seems(100, null)).toBe(false);
    expect(seemsUsedUp(account("a"), now)).toBe(false);
  });
});
