import { describe, expect, test } from "vitest";
import type { AccountFacts, PoolAccount } from "../pool/account.ts";
import { account, block } from "../pool/testing.ts";
import { Roster } from "./roster.ts";

type Listener = (accountId: string, account: PoolAccount | null) => void;

function bench(stored: readonly PoolAccount[], maxInflight = 0) {
  const saved: Array<readonly [string, AccountFacts]> = [];
  const inflight: number[] = [];
  const listeners = new Set<Listener>();
  const roster = new Roster({
    accounts: {
      load: async () => stored,
      onChange: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    facts: { save: (id, facts) => saved.push([id, facts]) },
    metrics: {
      requestStarted() {},
      requestEnded() {},
      attemptEnded() {},
      failedOver() {},
      cooldownMarked() {},
      inflightChanged: (by) => inflight.push(by),
    },
    maxInflight: () => maxInflight,
  });
  const report: Listener = (id, changed) => listeners.forEach((listener) => listener(id, changed));
  return { roster, saved, inflight, report, ids: () => roster.inOrder.map(({ id }) => id) };
}

describe("the roster", () => {
  test("stands in the user's order, ties by id", async () => {
    const { roster, ids } = bench([account("c", { sort: 1 }), account("b"), account("a"), account("d", { sort: -1 })]);
    await roster.open();
    expect(ids()).toEqual(["d", "a", "b", "c"]);
    expect(roster.find("c")?.id).toBe("c");
    expect(roster.find("nobody")).toBeUndefined();
  });

  test("follows what is added, changed, moved and removed, until it is closed", async () => {
    const { roster, report, ids } = bench([account("a"), account("b")]);
    await roster.open();
    report("c", account("c"));
    report("b", account("b", { label: "renamed" }));
    expect(ids()).toEqual(["a", "b", "c"]);
    expect(roster.find("b")?.label).toBe("renamed");
    report("c", account("c", { sort: -1 }));
    report("a", null);
    expect(ids()).toEqual(["c", "b"]);
    expect(roster.find("b")?.id).toBe("b");
    roster.close();
    report("b", null);
    expect(ids()).toEqual(["c", "b"]);
  });

  test("has an account once that was reported while the roster was loading", async () => {
    const { roster, report, ids } = bench([account("a"), account("b")]);
    const opening = roster.open();
    report("a", account("a", { label: "newer" }));
    await opening;
    expect(ids()).toEqual(["a", "b"]);
    expect(roster.find("a")?.label).toBe("newer");
  });

  test("keeps changed facts, and writes nothing where they stay the same", async () => {
    const { roster, saved } = bench([account("a")]);
    await roster.open();
    const blocks = [block()];
    roster.change("a", (facts) => ({ ...facts, blocks }));
    roster.change("a", (facts) => facts);
    roster.change("nobody", () => expect.unreachable());
    expect(roster.find("a")?.facts.blocks).toBe(blocks);
    expect(saved).toEqual([["a", roster.find("a")?.facts]]);
  });

  test("knows who serves as many requests as it may", async () => {
    const { roster, inflight } = bench([account("a")], 2);
    roster.lease("a");
    expect(roster.isBusy("a")).toBe(false);
    roster.lease("a");
    expect(roster.isBusy("a")).toBe(true);
    expect(roster.isBusy("b")).toBe(false);
    roster.release("a");
    expect(roster.isBusy("a")).toBe(false);
    expect(inflight).toEqual([1, 1, -1]);
  });

  test("sets no limit at 0", () => {
    const { roster } = bench([account("a")]);
    for (let count = 0; count < 100; count += 1) roster.lease("a");
    expect(roster.isBusy("a")).toBe(false);
  });
});
