import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { freshFacts, type PoolAccount } from "./account.ts";
import { type Ask, Candidates } from "./candidates.ts";
import { noFilter } from "./filter.ts";
import { Pool } from "./pool.ts";
import { strategies, type StrategyName } from "./strategy/index.ts";
import { account, ask, block, blocked, HOUR, MINUTE, now, pool, reading } from "./testing.ts";
import { afterReading } from "./transitions.ts";

const order = (accounts: Pool, at = now, more: Partial<Ask> = {}): string => {
  const walk = new Candidates(accounts, ask(more));
  let ids = "";
  for (let next = walk.next(at); next !== null; next = walk.next(at)) ids += next.account.id;
  return ids;
};

describe("the pool", () => {
  test("stands in the user's order, ties by id, and follows every move", () => {
    const accounts = new Pool();
    for (const [id, sort] of [
      ["c", 1],
      ["b", 0],
      ["a", 0],
    ] as const)
      accounts.put(account(id, { sort }));
    expect(accounts.inOrder.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    accounts.put(account("c", { sort: -1 }));
    accounts.remove("a");
    expect(order(accounts)).toBe("cb");
    expect(accounts.find("a")).toBeUndefined();
  });

  test("lets come back who was blocked at the very moment its block ends", () => {
    const accounts = pool([blocked("a", { until: now + MINUTE }), account("b")]);
    expect([now, now + MINUTE - 1, now + MINUTE].map((at) => order(accounts, at))).toEqual(["b", "b", "ab"]);
  });

  test("keeps apart what holds for one model", () => {
    const accounts = pool([account("a"), account("b")]);
    expect(order(accounts, now, { model: "m" })).toBe("ab");
    accounts.put(account("a", { facts: { blocks: [block({ model: "m", code: "model_not_supported" })] } }));
    expect(order(accounts, now, { model: "m" })).toBe("b");
    expect(order(accounts, now, { model: "other" })).toBe("ab");
    expect(order(accounts, now, { model: null })).toBe("ab");
  });

  test("counts what runs, and a limit of the account goes before that of all", () => {
    const accounts = pool([account("a", { maxInflight: 2 }), account("b"), account("c", { maxInflight: 0 })]);
    accounts.terms = { maxInflight: 1, softThresholdPercent: 0, asksLoginsFirst: true };
    for (const id of ["a", "b", "c"]) accounts.begin(id, { isProbe: false });
    expect(order(accounts)).toBe("ac");
    accounts.end("b", { isProbe: false });
    expect(order(accounts)).toBe("abc");
  });

  test("looks at changed settings at once", () => {
    const accounts = pool([account("a"), account("b")]);
    accounts.begin("a", { isProbe: false });
    expect(order(accounts)).toBe("ab");
    accounts.terms = { maxInflight: 1, softThresholdPercent: 0, asksLoginsFirst: true };
    expect(order(accounts)).toBe("b");
  });

  test("is not confused by accounts it does not know", () => {
    const accounts = pool([account("a")]);
    accounts.begin("x", { isProbe: true });
    accounts.end("x", { isProbe: true });
    accounts.placed("x", now);
    accounts.setFacts("x", freshFacts);
    accounts.remove("x");
    expect(order(accounts)).toBe("a");
  });
});

/** What may happen to a pool, in any order. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("block" as const), at: fc.nat(5), ms: fc.integer({ min: 1, max: 10 }) }),
  fc.record({
    kind: fc.constant("read" as const),
    at: fc.nat(5),
    percent: fc.nat(100),
    ms: fc.integer({ min: 1, max: 10 }),
  }),
  fc.record({ kind: fc.constant("switch" as const), at: fc.nat(5), isEnabled: fc.boolean() }),
  fc.record({ kind: fc.constant("begin" as const), at: fc.nat(5) }),
  fc.record({ kind: fc.constant("end" as const), at: fc.nat(5) }),
  fc.record({ kind: fc.constant("remove" as const), at: fc.nat(5) }),
  fc.record({ kind: fc.constant("time" as const), ms: fc.integer({ min: -5, max: 10 }) }),
);

test("after any history the order is that of a pool made anew from how things are", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom(...(Object.keys(strategies) as StrategyName[])),
      (steps, strategy) => {
        const accounts = new Pool();
        accounts.terms = { maxInflight: 2, softThresholdPercent: 0, asksLoginsFirst: true };
        for (let at = 0; at < 6; at += 1) accounts.put(account(`${at}`, { sort: at }));
        let time = now;
        for (const each of steps) {
          time += apply(accounts, each, time);
          const lane = accounts.lane(strategy, { model: "m", filter: noFilter }, time);
          expect(lane.first(() => false)?.account.id).toBe(first(anew(accounts), strategy, time));
        }
        expect(order(accounts, time, { strategy })).toBe(order(anew(accounts), time, { strategy }));
      },
    ),
    { numRuns: 300 },
  );
});

const first = (accounts: Pool, strategy: StrategyName, at: number) =>
  accounts.lane(strategy, { model: "m", filter: noFilter }, at).first(() => false)?.account.id;

function anew(accounts: Pool): Pool {
  const made = new Pool();
  made.terms = accounts.terms;
  for (const { account, inflight } of accounts.entries) {
    made.put(account);
    for (let count = 0; count < inflight; count += 1) made.begin(account.id, { isProbe: false });
  }
  return made;
}

/** Answers by how much the time goes on. */
function apply(accounts: Pool, each: typeof step extends fc.Arbitrary<infer T> ? T : never, time: number): number {
  if (each.kind === "time") return each.ms;
  const id = `${each.at}`;
  const known: PoolAccount = accounts.find(id) ?? account(id, { sort: each.at });
  if (each.kind === "begin") accounts.begin(id, { isProbe: false });
  else if (each.kind === "end") accounts.end(id, { isProbe: false });
  else if (each.kind === "remove") accounts.remove(id);
  else if (each.kind === "switch") accounts.put({ ...known, isEnabled: each.isEnabled });
  else if (each.kind === "block") {
    const blocks = [block({ since: time, until: time + each.ms })];
    accounts.setFacts(id, { ...known.facts, blocks });
  } else {
    const window = { minutes: 300, usedPercent: each.percent, resetsAt: time + each.ms };
    accounts.setFacts(id, afterReading(known.facts, reading([window], { at: time + HOUR })));
  }
  return 0;
}
