import { describe, expect, test } from "vitest";
import type { AccountFacts, Block, Reading } from "./account.ts";
import { isFree, mayProbe, nextChangeAt, whyNot } from "./eligibility.ts";
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
    expect(isFree(each, "m", now)).toBe(false);
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

describe("a blocked account may be tried by one request", () => {
  const poll = (usedPercent: number, more: Partial<Reading> = {}) =>
    reading([{ minutes: 300, usedPercent, resetsAt: now + HOUR }], { source: "poll", at: now, ...more });
  const refused = (facts: Partial<AccountFacts>, more: Partial<Block> = {}) =>
    account("a", { facts: { blocks: [block({ since: now - HOUR, ...more })], ...facts } });

  test.each([
    ["when a poll after the refusal shows clear room", refused({ reading: poll(10) }), true],
    ["not when the poll is older than the refusal", refused({ reading: poll(10, { at: now - 2 * HOUR }) }), false],
    ["not when the poll shows next to no room, for polls run behind", refused({ reading: poll(95) }), false],
    [
      "not when the poll says that the limit is reached",
      refused({ reading: poll(10, { isLimitReached: true }) }),
      false,
    ],
    ["not on the word of anything but a poll", refused({ reading: poll(10, { source: "headers" }) }), false],
    [
      "not when it was refused for something else",
      refused({ reading: poll(10) }, { code: "rate_limit_exceeded" }),
      false,
    ],
    ["not while it is disabled", { ...refused({ reading: poll(10) }), isEnabled: false }, false],
  ])("%s", (_title, each, expected) => expect(mayProbe(each, "m", now)).toBe(expected));
});

test("the next change of an account by itself is the first of all its ends", () => {
  const { facts } = account("a", {
    facts: {
      blocks: [block({ until: now + 5 }), block({ until: now - 5 })],
      avoid: { since: now, until: now + 4, source: "poll" },
      reading: reading([{ minutes: 300, usedPercent: 1, resetsAt: now + 3 }]),
    },
  });
  expect([now, now + 3, now + 4, now + 5].map((at) => nextChangeAt(facts, at) - now)).toEqual([3, 4, 5, Infinity]);
});
