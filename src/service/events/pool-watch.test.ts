import { describe, expect, test } from "vitest";

import { VirtualClock } from "../../kit/virtual-clock.ts";
import type { PoolAccount } from "../../pool/account.ts";
import { account, block, HOUR, MINUTE, reading, SECOND } from "../../pool/testing.ts";
import { PoolWatch } from "./pool-watch.ts";

function bench(accounts: readonly PoolAccount[]) {
  const clock = new VirtualClock();
  const held = new Map(accounts.map((one) => [one.id, one]));
  const looks: string[][] = [];
  const watch = new PoolWatch({
    clock,
    source: { list: () => [...held.values()], find: (id) => held.get(id) ?? null },
    onLook: (changes) =>
      void looks.push(
        changes.map(({ id, before, after }) => `${id} ${before?.availability.state} ${after?.availability.state}`),
      ),
  });
  const put = (one: PoolAccount) => {
    held.set(one.id, one);
    watch.touch(one.id);
  };
  return { clock, held, looks, watch, put };
}

const served = (id: string, at: number, more: Partial<PoolAccount["facts"]> = {}) =>
  account(id, { facts: { reading: reading([{ minutes: 300, usedPercent: 1, resetsAt: null }], { at }), ...more } });

describe("the watch over the pool", () => {
  test("tells nothing of its first look, and nothing before it was started", () => {
    const { clock, looks, watch, put } = bench([account("a")]);
    put(served("a", clock.now()));
    clock.advance(SECOND);
    expect(clock.pending).toBe(0);
    watch.start();
    expect([looks, watch.sights.size]).toEqual([[], 1]);
  });

  test("tells the changes of a quarter of a second together, the newest state of each account", () => {
    const { clock, looks, watch, put, held } = bench([account("a"), account("b"), account("c")]);
    watch.start();
    put(account("a", { isEnabled: false }));
    put(served("a", clock.now()));
    held.delete("b");
    watch.touch("b");
    put(account("new"));
    clock.advance(249);
    expect(looks).toEqual([]);
    clock.advance(1);
    expect(looks).toEqual([["a unknown ready", "b unknown undefined", "new undefined unknown"]]);
  });

  test("says nothing when nothing that is seen has changed", () => {
    const { clock, looks, watch, put } = bench([account("a")]);
    watch.start();
    put(account("a", { label: "another" }));
    clock.advance(SECOND);
    expect(looks).toEqual([]);
  });

  test("sees a block end at its time, one account after the other", () => {
    const start = new VirtualClock().now();
    const held = (id: string, until: number) =>
      served(id, start, { blocks: [block({ since: start, until: start + until })] });
    const { clock, looks, watch } = bench([held("a", HOUR), held("b", 2 * HOUR), served("c", start)]);
    watch.start();
    clock.advance(HOUR - 1);
    expect(looks).toEqual([]);
    clock.advance(1);
    expect(looks).toEqual([["a exhausted ready"]]);
    clock.advance(HOUR);
    expect(looks).toEqual([["a exhausted ready"], ["b exhausted ready"]]);
  });

  test("sees a reading grow stale", () => {
    const { clock, looks, watch } = bench([served("a", new VirtualClock().now())]);
    watch.start();
    clock.advance(24 * HOUR + 10 * MINUTE);
    expect(looks).toEqual([["a ready unknown"]]);
  });

  test("leaves no timer behind when it is stopped, and looks afresh when it is started again", () => {
    const { clock, watch, looks, put } = bench([account("a")]);
    watch.start();
    watch.touch("a");
    watch.stop();
    expect(clock.pending).toBe(0);
    put(account("a", { isEnabled: false }));
    watch.start();
    clock.advance(SECOND);
    expect([looks, watch.sights.get("a")?.availability.state]).toEqual([[], "disabled"]);
  });
});
