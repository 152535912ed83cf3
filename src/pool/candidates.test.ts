import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PoolAccount } from "./account.ts";
import { type Ask, Candidates, type PoolView } from "./candidates.ts";
import { whyNot } from "./eligibility.ts";
import { account, blocked, MINUTE, now, pool, usedUp } from "./testing.ts";

const ask = (more: Partial<Ask> = {}): Ask => {
  return { model: "m", strategy: "ordered", turn: 0, manualAccountId: null, boundAccountId: null, ...more };
};

function walk(candidates: Candidates, at = now): string[] {
  const found: string[] = [];
  for (let next = candidates.next(at); next !== null; next = candidates.next(at)) {
    found.push(`${next.account.id} ${next.reason}`);
  }
  return found;
}

const order = (view: PoolView, more: Partial<Ask> = {}) => walk(new Candidates(view, ask(more)));
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

  test("in turn when balanced, each conversation one further on", () => {
    const orders = [0, 1, 2, 3].map((turn) =>
      order(pool([a, b, c]), { strategy: "balanced", turn }).map((each) => each[0]),
    );
    expect(orders.map((each) => each.join(""))).toEqual(["abc", "bca", "cab", "abc"]);
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

  test("without the manual or bound one when it cannot serve or is gone", () => {
    expect(order(pool([a, blocked("b")]), { manualAccountId: "gone", boundAccountId: "b" })).toEqual(["a ordered"]);
  });

  test("last when they seem used up or are busy, but they are asked", () => {
    expect(order(pool([usedUp("a"), b, c], ["b"]))).toEqual(["c ordered", "a ordered", "b ordered"]);
    expect(order(pool([usedUp("a")]))).toEqual(["a ordered"]);
  });

  test("although they seem used up, when the conversation is on them or the user picked them", () => {
    expect(order(pool([a, usedUp("b")]), { boundAccountId: "b" })).toEqual(["b bound", "a ordered"]);
    expect(order(pool([a, b], ["b"]), { manualAccountId: "b" })).toEqual(["b manual", "a ordered"]);
  });

  test("never, when there are none", () => expect(order(pool([]))).toEqual([]));
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

  test("is told of the first few of very many", () => {
    const many = Array.from({ length: 100 }, (_, index) => blocked(`a${index}`));
    const candidates = new Candidates(pool(many), ask());
    expect(walk(candidates)).toEqual([]);
    expect(candidates.skips).toHaveLength(32);
  });

  test("is not looked at before it is its turn", () => {
    const seen: string[] = [];
    const view = { ...pool([a, b, c]), isBusy: (id: string) => seen.push(id) === 0 };
    new Candidates(view, ask()).next(now);
    expect(seen).toEqual(["a"]);
  });
});

describe("while a request is under way", () => {
  test("each step judges by the facts and the time of that moment", () => {
    const accounts = [a, b, usedUp("c")];
    const candidates = new Candidates(pool(accounts), ask());
    candidates.next(now);
    accounts[1] = blocked("b", { until: now + MINUTE });
    accounts[2] = blocked("c", { until: now + MINUTE });
    expect(candidates.next(now)).toBeNull();
    expect(new Candidates(pool(accounts), ask()).next(now + MINUTE)?.account.id).toBe("a");
  });

  test("an account that was blocked or removed after the list was made is not asked", () => {
    let current = [a, b, c, d];
    const view: PoolView = {
      inOrder: current,
      find: (id) => current.find((each) => each.id === id),
      isBusy: () => false,
    };
    const candidates = new Candidates(view, ask());
    candidates.next(now);
    current = [a, blocked("b"), d];
    expect(walk(candidates)).toEqual(["d ordered"]);
  });
});

test("whatever the pool, each account that can serve is asked once, and no other", () => {
  const kind = fc.constantFrom("fine", "fine", "blocked", "other model", "disabled", "used up", "busy");
  const make = (what: string, index: number): PoolAccount => {
    const id = `a${index}`;
    if (what === "blocked") return blocked(id);
    if (what === "other model") return blocked(id, { model: "other" });
    if (what === "used up") return usedUp(id);
    return account(id, { isEnabled: what !== "disabled" });
  };
  const pick = fc.option(fc.nat(25).map((index) => `a${index}`));
  const anyAsk = fc.record({
    manualAccountId: pick,
    boundAccountId: pick,
    turn: fc.nat(),
    strategy: fc.constantFrom("ordered" as const, "balanced" as const),
  });
  fc.assert(
    fc.property(fc.array(kind, { maxLength: 20 }), anyAsk, (kinds, more) => {
      const accounts = kinds.map(make);
      const busy = accounts.filter((_, index) => kinds[index] === "busy").map(({ id }) => id);
      const candidates = new Candidates(pool(accounts, busy), ask(more));
      const asked = walk(candidates).map((each) => each.split(" ")[0]);
      const able = accounts.filter((each) => whyNot(each, "m", now) === null).map(({ id }) => id);
      expect(asked.toSorted()).toEqual(able.toSorted());
      expect(candidates.next(now)).toBeNull();
      const skipped = accounts.map(({ id }) => id).filter((id) => !able.includes(id));
      expect(candidates.skips.map((skip) => skip.accountId).toSorted()).toEqual(skipped.toSorted());
    }),
    { numRuns: 500 },
  );
});
