import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PoolAccount } from "./account.ts";
import { type Ask, Candidates } from "./candidates.ts";
import { explainChoice } from "./explain.ts";
import { filterOf } from "./filter.ts";
import type { Pool } from "./pool.ts";
import { skipOf } from "./standing.ts";
import { strategies, type StrategyName } from "./strategy/index.ts";
import { account, ask, block, blocked, HOUR, MINUTE, now, pool, reading, usedUp } from "./testing.ts";

function walk(candidates: Candidates, at = now): string[] {
  const found: string[] = [];
  for (let next = candidates.next(at); next !== null; next = candidates.next(at)) {
    found.push(`${next.account.id} ${next.isProbe ? "probe" : next.reason}`);
  }
  return found;
}

const order = (accounts: Pool, more: Partial<Ask> = {}) => walk(new Candidates(accounts, ask(more)));

const [a, b, c, d] = ["a", "b", "c", "d"].map((id) => account(id)) as [
  PoolAccount,
  PoolAccount,
  PoolAccount,
  PoolAccount,
];

describe("accounts are asked", () => {
  test("in the user's order", () => {
    expect(order(pool([a, b, c]))).toEqual(["a ordered", "b ordered", "c ordered"]);
  });

  test("the manual one first, then the conversation's own, each only once", () => {
    expect(order(pool([a, b, c, d]), { manualAccountId: "c", boundAccountId: "b" })).toEqual([
      "c manual",
      "b bound",
      "a ordered",
      "d ordered",
    ]);
    expect(order(pool([a, b]), { manualAccountId: "b", boundAccountId: "b" })).toEqual(["b manual", "a ordered"]);
  });

  test("where the conversation it was started from is", () => {
    expect(order(pool([a, b]), { boundAccountId: "b", boundReason: "parent" })).toEqual(["b parent", "a ordered"]);
  });

  test("without the manual or bound one when it cannot serve or is gone", () => {
    expect(order(pool([a, blocked("b")]), { manualAccountId: "gone", boundAccountId: "b" })).toEqual(["a ordered"]);
  });

  test("none but the manual one, when the user wants it so", () => {
    const strict = { manualAccountId: "b", isManualStrict: true, boundAccountId: "a" };
    expect(order(pool([a, b, c]), strict)).toEqual(["b manual"]);
    expect(order(pool([a, blocked("b"), c]), strict)).toEqual([]);
    expect(order(pool([a, c]), { isManualStrict: true })).toEqual(["a ordered", "c ordered"]);
  });

  test("last when they have announced that they are used up, but they are asked", () => {
    expect(order(pool([usedUp("a"), b, c]))).toEqual(["b ordered", "c ordered", "a ordered"]);
    expect(order(pool([usedUp("a")]))).toEqual(["a ordered"]);
  });

  test("although they seem used up, when the conversation is on them", () => {
    expect(order(pool([a, usedUp("b")]), { boundAccountId: "b" })).toEqual(["b bound", "a ordered"]);
  });

  test("never at their limit, wherever they stand", () => {
    expect(order(pool([a, b, c], ["a"]), { manualAccountId: "a", boundAccountId: "a" })).toEqual([
      "b ordered",
      "c ordered",
    ]);
    expect(new Candidates(pool([a], ["a"]), ask()).isWorthWaiting(now)).toBe(true);
    expect(new Candidates(pool([a, blocked("b")]), ask()).isWorthWaiting(now)).toBe(false);
  });

  test("by the user's marks and priorities before any strategy", () => {
    const accounts = pool([
      account("spared", { mark: "preserve", priority: 100 }),
      a,
      account("first", { priority: 5 }),
      account("burnt", { mark: "burn_first", priority: -100 }),
    ]);
    expect(order(accounts)).toEqual(["burnt ordered", "first ordered", "a ordered", "spared ordered"]);
  });

  test("only where the platform key may go", () => {
    const accounts = pool([
      account("a", { groupName: "work", tags: ["x"] }),
      account("b", { groupName: "home", tags: ["y"] }),
      account("c", { groupName: "work", tags: ["y"], plan: "pro" }),
    ]);
    const only = (more: object) => filterOf({ groups: [], tags: [], plans: [], ...more });
    expect(order(accounts, { filter: only({ groups: ["work"] }) })).toEqual(["a ordered", "c ordered"]);
    expect(order(accounts, { filter: only({ tags: ["y", "z"] }) })).toEqual(["b ordered", "c ordered"]);
    expect(order(accounts, { filter: only({ plans: ["pro"] }), boundAccountId: "a" })).toEqual(["c ordered"]);
  });

  test("never, when there are none", () => expect(order(pool([]))).toEqual([]));
});

describe("an account that comes back", () => {
  const warming = (ramp: number) =>
    account("a", { facts: { health: { score: 80, succeededAt: null, failedAt: null, ramp } } });

  test("gets one request at first, and others only when nobody else is free", () => {
    const accounts = pool([warming(1), b]);
    expect(order(accounts)[0]).toBe("a ordered");
    accounts.begin("a", { isProbe: false });
    expect(order(accounts)).toEqual(["b ordered", "a ordered"]);
    accounts.put({ ...b, isEnabled: false });
    expect(order(accounts)).toEqual(["a ordered"]);
  });

  test("is tried by one request alone when a poll speaks against its refusal", () => {
    const poll = reading([{ minutes: 300, usedPercent: 3, resetsAt: now + HOUR }], { source: "poll", at: now - 1 });
    const doubted = account("a", { facts: { blocks: [block({ since: now - HOUR })], reading: poll } });
    const accounts = pool([doubted, b]);
    expect(order(accounts)).toEqual(["a probe", "b ordered"]);
    accounts.begin("a", { isProbe: true });
    const candidates = new Candidates(accounts, ask());
    expect(walk(candidates)).toEqual(["b ordered"]);
    expect(candidates.skips).toEqual([{ accountId: "a", reason: "probing", until: null }]);
    accounts.end("a", { isProbe: true });
    expect(order(accounts)[0]).toBe("a probe");
  });
});

describe("what is passed over", () => {
  test("is told with its reason and its time, once", () => {
    const candidates = new Candidates(
      pool([blocked("a"), account("b", { isEnabled: false }), c]),
      ask({ boundAccountId: "a" }),
    );
    expect(walk(candidates)).toEqual(["c ordered"]);
    expect(candidates.skips).toEqual([
      { accountId: "a", reason: "usage_limit_reached", until: now + 60 * MINUTE },
      { accountId: "b", reason: "disabled", until: null },
    ]);
  });

  test("is told of the first few of very many, and counted", () => {
    const many = Array.from({ length: 100 }, (_, index) => blocked(`a${index}`));
    const candidates = new Candidates(pool(many), ask());
    expect(walk(candidates)).toEqual([]);
    expect(candidates.skips).toHaveLength(16);
    expect(candidates.skippedCount).toBe(100);
  });

  test("is not looked for when the conversation's own account serves", () => {
    const candidates = new Candidates(pool([blocked("a"), b]), ask({ boundAccountId: "b" }));
    expect(candidates.next(now)?.account.id).toBe("b");
    expect(candidates.skips).toEqual([]);
  });
});

describe("while a request is under way", () => {
  test("each step judges by the facts and the time of that moment", () => {
    const accounts = pool([a, b, c]);
    const candidates = new Candidates(accounts, ask());
    candidates.next(now);
    accounts.put(blocked("b", { until: now + MINUTE }));
    accounts.put({ ...c, isEnabled: false });
    expect(candidates.next(now)).toBeNull();
    expect(candidates.next(now + MINUTE)?.account.id).toBe("b");
  });

  test("an account that was removed, or has had its tries, is not asked", () => {
    const accounts = pool([a, b, c]);
    const candidates = new Candidates(accounts, ask(), new Set(["c"]));
    candidates.next(now);
    accounts.remove("b");
    expect(walk(candidates)).toEqual([]);
  });

  test("a clock that is set back makes what had ended hold again", () => {
    const accounts = pool([blocked("a", { until: now + MINUTE }), b]);
    expect(walk(new Candidates(accounts, ask()), now + MINUTE)[0]).toBe("a ordered");
    expect(walk(new Candidates(accounts, ask()), now)).toEqual(["b ordered"]);
  });
});

describe("a dry run", () => {
  test("tells the order and everybody who is passed over, and changes nothing", () => {
    const accounts = pool([blocked("a"), b, account("c", { groupName: "x" }), d], ["d"]);
    const filter = filterOf({ groups: [""], tags: [], plans: [] });
    const told = explainChoice(accounts, ask({ filter }), 10, now);
    expect(told.candidates.map(({ account, reason }) => `${account.id} ${reason}`)).toEqual(["b ordered"]);
    expect(told.skips.map(({ accountId, reason }) => `${accountId} ${reason}`)).toEqual([
      "a usage_limit_reached",
      "c filtered",
      "d busy",
    ]);
    expect(told).toMatchObject({ candidateCount: 1, skippedCount: 3 });
    expect(explainChoice(accounts, ask({ filter }), 10, now)).toEqual(told);
  });

  test("says of all but a strict manual account that they are not wanted", () => {
    const strict = ask({ manualAccountId: "b", isManualStrict: true });
    const told = explainChoice(pool([a, b]), strict, 10, now);
    expect(told.skips).toEqual([{ accountId: "a", reason: "not_manual", until: null }]);
  });
});

describe("whatever the pool and the strategy", () => {
  const kind = fc.constantFrom("fine", "fine", "blocked", "other model", "disabled", "used up", "busy");
  const make = (what: string, index: number): PoolAccount => {
    const id = `a${index}`;
    const more = { sort: index, priority: (index * 37) % 5 };
    if (what === "blocked") return { ...blocked(id), ...more };
    if (what === "other model") return { ...blocked(id, { model: "other" }), ...more };
    if (what === "used up") return { ...usedUp(id), ...more };
    return account(id, { ...more, isEnabled: what !== "disabled" });
  };
  const pick = fc.option(fc.nat(25).map((index) => `a${index}`));
  const anyAsk = fc.record({
    manualAccountId: pick,
    boundAccountId: pick,
    strategy: fc.constantFrom(...(Object.keys(strategies) as StrategyName[])),
    healthWindow: fc.constantFrom(1, 3),
    draw: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });

  test("each account that can serve is asked once, and no other", () => {
    fc.assert(
      fc.property(fc.array(kind, { maxLength: 20 }), anyAsk, (kinds, more) => {
        const accounts = kinds.map(make);
        const busy = accounts.filter((_, index) => kinds[index] === "busy").map(({ id }) => id);
        const made = pool(accounts, busy);
        const candidates = new Candidates(made, ask(more));
        const asked = walk(candidates).map((each) => each.split(" ")[0]);
        const able = made.entries.filter((entry) => skipOf(entry, ask(more), made.terms, now) === null);
        expect(asked.toSorted()).toEqual(able.map((entry) => entry.account.id).toSorted());
        expect(candidates.next(now)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});
