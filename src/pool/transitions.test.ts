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

const usageLimit = (until: number) => failure("usage_limit_reached", { until });
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
      health: { score: 80, succeededAt: null, failedAt: now, ramp: null },
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

test("of two readings the newer one stays, whatever the order they come in", () => {
  const older = reading([], { at: now - SECOND, source: "poll" });
  const newer = reading([], { at: now });
  expect(afterReading(facts({ reading: newer }), older).reading).toBe(newer);
  expect(afterReading(facts({ reading: older }), newer).reading).toBe(newer);
  expect(afterReading(freshFacts, older).reading).toBe(older);
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
