import { describe, expect, test } from "vitest";
import type { AccountFacts, PoolAccount } from "../pool/account.ts";
import { VirtualClock } from "../kit/virtual-clock.ts";
import { account, block } from "../pool/testing.ts";
import { Roster } from "./roster.ts";

type Listener = (accountId: string, account: PoolAccount | null) => void;

function bench(stored: readonly PoolAccount[]) {
  const saved: Array<readonly [string, AccountFacts]> = [];
  const inflight: number[] = [];
  const clock = new VirtualClock();
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
    clock,
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

  test("counts who serves what, and wakes who waits when a place is free", async () => {
    const { roster, inflight } = bench([account("a", { maxInflight: 1 })]);
    await roster.open();
    const candidate = { account: account("a"), reason: "ordered", isProbe: false } as const;
    roster.begin(candidate);
    expect(roster.pool.entry("a")?.inflight).toBe(1);
    const woken = roster.line.wait(1000, () => {});
    roster.end(candidate);
    await woken;
    expect(roster.pool.entry("a")?.inflight).toBe(0);
    expect(inflight).toEqual([1, -1]);
  });

  test("wakes who waits when an account is added or its block ends, not when it is read", async () => {
    const { roster, report } = bench([account("a", { facts: { blocks: [block()] } })]);
    await roster.open();
    let woken = 0;
    const wait = () => roster.line.wait(1000, () => {}).then(() => (woken += 1));
    const reading = wait();
    roster.change("a", (facts) => ({ ...facts, reading: null }));
    await Promise.resolve();
    expect(woken).toBe(0);
    roster.change("a", (facts) => ({ ...facts, blocks: [] }));
    await reading;
    const added = wait();
    report("b", account("b"));
    await added;
    expect(woken).toBe(2);
  });
});
