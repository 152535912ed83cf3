import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Failure, FailureCode } from "../contract/failure.ts";
import { type AccountFacts, freshFacts } from "./account.ts";
import { rows } from "./classify-table.ts";
import { judge } from "./classify.ts";
import { whyNot } from "./eligibility.ts";
import { account, block, HOUR, MINUTE, now, reading, SECOND } from "./testing.ts";
import { afterFailure, afterReading, afterSignIn, afterSuccess } from "./transitions.ts";

const occasion = { model: "gpt-x", now };

function failure(code: FailureCode, more: Partial<Failure> = {}): Failure {
  return { code, class: "quota", scope: "account", retry: "next", message: "No.", ...more };
}

const usageLimit = (until: number) => failure("usage_limit_reached", { until, isUntilTold: true });
const facts = (more: Partial<AccountFacts>): AccountFacts => ({ ...freshFacts, ...more });

describe("a failure", () => {
  test.each(["request", "host"] as const)("of the %s leaves the account exactly as it was", (scope) => {
    const before = facts({ blocks: [block()] });
    expect(afterFailure(before, failure("upstream_error", { scope, until: now + HOUR }), occasion)).toBe(before);
  });

  test("of no kind but the account's own changes facts, for every row of the table", () => {
    for (const row of rows) {
      const seen = { phase: "answer", status: 400, code: row.words?.[0] ?? null, type: null } as const;
      const told = judge({
        seen: { ...seen, message: "", isHtml: false, retryAfterMs: null, resetsAt: null },
        facts: freshFacts,
        now,
      });
      const isTheirs = told.scope === "account" || told.scope === "account_model";
      expect(afterFailure(freshFacts, told, occasion) !== freshFacts).toBe(isTheirs);
    }
  });

  test("of the account blocks it until the time it names, and costs health", () => {
    expect(afterFailure(freshFacts, usageLimit(now + HOUR), occasion)).toEqual({
      ...freshFacts,
      blocks: [{ code: "usage_limit_reached", since: now, until: now + HOUR, source: "told", model: null, strikes: 1 }],
      health: { score: 80, succeededAt: null, failedAt: now, ramp: 1 },
    });
  });

  test("of one model blocks the account for that model alone", () => {
    const told = failure("model_not_supported", { scope: "account_model", until: now + HOUR });
    const [made] = afterFailure(freshFacts, told, occasion).blocks;
    expect(made).toMatchObject({ model: "gpt-x" });
  });

  test("of the same kind replaces the earlier block and counts a strike more once that has ended", () => {
    const before = facts({ blocks: [block({ until: now - SECOND, strikes: 2 })] });
    expect(afterFailure(before, usageLimit(now + HOUR), occasion).blocks).toMatchObject([{ since: now, strikes: 3 }]);
  });

  test("within a burst counts as one strike and does not shorten the rest that runs", () => {
    const before = facts({ blocks: [block({ until: now + 5 * HOUR, strikes: 1 })] });
    expect(afterFailure(before, usageLimit(now + MINUTE), occasion).blocks).toMatchObject([
      { until: now + 5 * HOUR, strikes: 1 },
    ]);
    expect(afterFailure(before, usageLimit(now + 9 * HOUR), occasion).blocks).toMatchObject([
      { until: now + 9 * HOUR, strikes: 1 },
    ]);
  });

  test("of another kind or model leaves other blocks, until they are long over", () => {
    const kept = [block({ code: "rate_limit_exceeded" }), block({ model: "other" })];
    const before = facts({ blocks: [...kept, block({ code: "access_denied", until: now - HOUR })] });
    expect(afterFailure(before, usageLimit(now + HOUR), occasion).blocks.slice(0, -1)).toEqual(kept);
  });

  test("keeps the memory small, however many models are refused", () => {
    let current: AccountFacts = freshFacts;
    for (let index = 0; index < 100; index += 1) {
      const told = failure("model_not_supported", { scope: "account_model", until: now + HOUR });
      current = afterFailure(current, told, { model: `m${index}`, now });
    }
    expect(current.blocks).toHaveLength(16);
    expect(current.blocks.at(-1)?.model).toBe("m99");
  });

  test.each([
    ["sign_in_required", "sign_in"],
    ["account_deactivated", "deactivated"],
    ["workspace_denied", "no_access"],
  ] as const)("%s changes the login to %s, without a block", (code, state) => {
    const after = afterFailure(freshFacts, failure(code), occasion);
    expect(after.login).toEqual({ state, code, since: now });
    expect(after.blocks).toEqual([]);
  });

  test("does not write over the issuer's own word on why the login ended", () => {
    const login = { state: "sign_in", code: "refresh_token_reused", since: now - SECOND } as const;
    expect(afterFailure(facts({ login }), failure("sign_in_required"), occasion).login).toBe(login);
  });
});

describe("a success", () => {
  const success = { model: "gpt-x", startedAt: now - SECOND, now };

  test("lifts what was refused before its attempt began", () => {
    const before = facts({
      blocks: [block({ since: now - 2 * SECOND })],
      login: { state: "sign_in", code: "x", since: now - MINUTE },
    });
    expect(afterSuccess(before, success)).toMatchObject({ blocks: [], login: { state: "ok", code: null, since: now } });
  });

  test("never lifts a refusal that came after its attempt began", () => {
    const login = { state: "sign_in", code: "x", since: now - SECOND } as const;
    const before = facts({ blocks: [block({ since: now - SECOND })], login });
    const after = afterSuccess(before, success);
    expect(after.blocks).toBe(before.blocks);
    expect(after.login).toBe(login);
  });

  test("with one model says nothing about another", () => {
    const other = block({ model: "other", since: now - HOUR });
    const blocks = [other, block({ model: "gpt-x", since: now - HOUR })];
    expect(afterSuccess(facts({ blocks }), success).blocks).toEqual([other]);
  });

  test("does an account good, up to a hundred", () => {
    const health = { score: 95, succeededAt: null, failedAt: now - HOUR, ramp: null };
    expect(afterSuccess(facts({ health }), success).health).toEqual({
      score: 100,
      succeededAt: now,
      failedAt: now - HOUR,
      ramp: null,
    });
  });
});

test("a block ends by itself at its time", () => {
  const blocked = account("a", { facts: afterFailure(freshFacts, usageLimit(now + HOUR), occasion) });
  expect(whyNot(blocked, null, now + HOUR - 1)).toMatchObject({ reason: "usage_limit_reached", until: now + HOUR });
  expect(whyNot(blocked, null, now + HOUR)).toBeNull();
});

describe("a reading", () => {
  const full = { minutes: 300, usedPercent: 100, resetsAt: now + HOUR };

  test("stays when it is the newer one, whatever the order they come in", () => {
    const older = reading([], { at: now - SECOND, source: "poll" });
    const newer = reading([], { at: now });
    expect(afterReading(facts({ reading: newer }), older).reading).toBe(newer);
    expect(afterReading(facts({ reading: older }), newer).reading).toEqual(newer);
    expect(afterReading(freshFacts, older).reading).toEqual(older);
  });

  test("keeps what an earlier one told and it does not", () => {
    const credits = { hasCredits: true, isUnlimited: false, balance: "1" };
    const poll = reading([], { at: now - SECOND, source: "poll", plan: "pro", credits, resetCredits: 2 });
    const later = afterReading(facts({ reading: poll }), reading([full]));
    expect(later.reading).toMatchObject({ source: "headers", plan: "pro", credits, resetCredits: 2, windows: [full] });
  });

  test("of a full window announces that the account is to be avoided until its reset, at most for six hours", () => {
    expect(afterReading(freshFacts, reading([full])).avoid).toEqual({
      since: now,
      until: now + HOUR,
      source: "headers",
    });
    const far = { ...full, minutes: 10_080, resetsAt: now + 100 * HOUR };
    expect(afterReading(freshFacts, reading([full, far])).avoid).toMatchObject({ until: now + 6 * HOUR });
  });

  test("that says the limit is reached announces it for a while, whatever its windows show", () => {
    const told = reading([{ ...full, usedPercent: 99 }], { isLimitReached: true, source: "event" });
    expect(afterReading(freshFacts, told).avoid).toEqual({ since: now, until: now + 5 * MINUTE, source: "event" });
  });

  test("with room takes back what an earlier one announced", () => {
    const avoided = afterReading(freshFacts, reading([full], { at: now - SECOND }));
    expect(afterReading(avoided, reading([{ ...full, usedPercent: 1 }])).avoid).toBeNull();
  });

  test("of another family stands beside the main one and takes nothing from it", () => {
    const main = afterReading(freshFacts, reading([full]));
    const spark = (usedPercent: number, at: number) => reading([{ ...full, usedPercent }], { family: "spark", at });
    const both = afterReading(afterReading(main, spark(50, now)), spark(40, now - SECOND));
    expect(both).toMatchObject({ reading: main.reading, avoid: main.avoid, otherReadings: [spark(50, now)] });
    expect(afterReading(both, spark(60, now + SECOND)).otherReadings).toEqual([spark(60, now + SECOND)]);
  });
});

describe("slow start", () => {
  const ramp = (each: AccountFacts) => each.health.ramp;
  const served = { model: "gpt-x", startedAt: now, now };

  test("begins with a refusal of the account and doubles with each success until it is over", () => {
    let each = afterFailure(freshFacts, usageLimit(now + HOUR), occasion);
    expect(ramp(each)).toBe(1);
    const steps = Array.from({ length: 6 }, () => ramp((each = afterSuccess(each, served))));
    expect(steps).toEqual([2, 4, 8, 16, 32, null]);
  });

  test("is not begun by the refusal of one model", () => {
    const told = failure("model_not_supported", { scope: "account_model", until: now + HOUR });
    expect(ramp(afterFailure(freshFacts, told, occasion))).toBeNull();
  });
});

test("a reading leaves blocks alone: a rosy poll does not overrule a refusal", () => {
  const before = facts({ blocks: [block()] });
  expect(afterReading(before, reading([{ minutes: 300, usedPercent: 0, resetsAt: null }])).blocks).toBe(before.blocks);
});

test("a sign-in forgets what was said about the old credentials, and nothing else", () => {
  const quota = block();
  const blocks = [block({ code: "token_invalidated" }), block({ code: "access_denied" }), quota];
  const after = afterSignIn(facts({ blocks, login: { state: "sign_in", code: "x", since: 0 } }), now);
  expect(after).toMatchObject({ blocks: [quota], login: { state: "ok", code: null, since: now } });
});

test("health stays between 0 and 100 whatever happens", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean()), (events) => {
      let current: AccountFacts = freshFacts;
      for (const isGood of events) {
        current = isGood
          ? afterSuccess(current, { model: null, startedAt: now, now })
          : afterFailure(current, usageLimit(now + HOUR), occasion);
        expect(current.health.score).toBeGreaterThanOrEqual(0);
        expect(current.health.score).toBeLessThanOrEqual(100);
      }
    }),
  );
});
