import { describe, expect, test } from "vitest";

import type { SettingKey } from "../contract/settings/table.ts";
import { VirtualClock } from "../kit/virtual-clock.ts";
import type { PoolAccount } from "../pool/account.ts";
import { account, MINUTE, reading } from "../pool/testing.ts";
import { createRunner } from "./runner.ts";
import { changeableSettings, pass } from "./testing.ts";
import { usagePolling } from "./usage-polling.ts";

interface Ask {
  /** Seconds from the start. */
  readonly at: number;
  readonly ids: readonly string[];
}

/** A running usage poll over these accounts; all are read at once, but for those in `broken`. */
function bench(accounts: readonly PoolAccount[], given: Partial<Record<SettingKey, unknown>> = {}, random = () => 0) {
  const clock = new VirtualClock();
  const startedAt = clock.now();
  const settings = changeableSettings(given);
  const held = new Map(accounts.map((one) => [one.id, one]));
  const broken = new Set<string>();
  const asks: Ask[] = [];
  const read = (id: string, source: "poll" | "headers" = "poll") => {
    const one = held.get(id)!;
    held.set(id, { ...one, facts: { ...one.facts, reading: reading([], { source, at: clock.now() }) } });
  };
  const job = usagePolling({
    settings: () => settings.current,
    clock,
    source: { list: () => [...held.values()] },
    usage: {
      async refresh(ids) {
        asks.push({ at: (clock.now() - startedAt) / 1000, ids });
        const refreshed = ids.filter((id) => !broken.has(id));
        for (const id of refreshed) read(id);
        const failed = ids.filter((id) => broken.has(id)).map((accountId) => ({ accountId, message: "down" }));
        return { refreshed, failed };
      },
    },
  });
  const told: string[] = [];
  const runner = createRunner({
    jobs: [job],
    clock,
    random,
    onSettingsChange: (listener) => settings.onChange(listener),
    onFailure: (_, message) => told.push(message),
    reportBug: (_, error) => told.push(String(error)),
  });
  runner.start();
  const status = () => runner.status()[0]!;
  return { clock, settings, held, broken, asks, read, told, status, pass: (seconds: number) => pass(clock, seconds) };
}

const asked = (asks: readonly Ask[]) => asks.flatMap(({ ids }) => ids);
const accounts = (count: number) => Array.from({ length: count }, (_, index) => account(`acc_${index}`));

describe("usage polling", () => {
  test("reads a small pool half a minute after the start, and again after the interval", async () => {
    const { asks, pass } = bench(accounts(3));
    await pass(29);
    expect(asks).toEqual([]);
    await pass(1300);
    expect(asks.map(({ at, ids }) => [at, ids.length])).toEqual([
      [30, 3],
      [630, 3],
      [1230, 3],
    ]);
  });

  test("does nothing without accounts", async () => {
    const { asks, pass, status } = bench([]);
    await pass(700);
    expect(asks).toEqual([]);
    expect(status()).toMatchObject({ failures: 0, lastError: null });
  });

  test("asks neither for disabled accounts nor for those that have to sign in", async () => {
    const login = { state: "sign_in", code: "x", since: 0 } as const;
    const { asks, pass } = bench([account("off", { isEnabled: false }), account("out", { facts: { login } })]);
    await pass(700);
    expect(asks).toEqual([]);
  });

  test("does not ask for an account whose answers told its quota meanwhile", async () => {
    const { asks, pass, read } = bench(accounts(2));
    await pass(500);
    read("acc_0", "headers");
    await pass(200);
    expect(asks.map(({ at, ids }) => [at, ids])).toEqual([
      [30, ["acc_0", "acc_1"]],
      [630, ["acc_1"]],
    ]);
  });

  test("asks for a new account soon", async () => {
    const { asks, pass, held } = bench(accounts(1));
    await pass(300);
    held.set("new", account("new"));
    await pass(30);
    expect(asks[1]?.ids).toEqual(["new"]);
    expect(asks[1]!.at).toBeLessThanOrEqual(310);
  });

  test("keeps a reading across a restart: what is young enough is not asked for", async () => {
    const at = new VirtualClock().now() - 9 * MINUTE;
    const { asks, pass } = bench([account("a", { facts: { reading: reading([], { at }) } })]);
    await pass(59);
    expect(asks).toEqual([]);
    await pass(11);
    expect(asked(asks)).toEqual(["a"]);
  });

  test("asks for an account whose reading is from the future, after the clock was set back", async () => {
    const at = new VirtualClock().now() + 1000 * MINUTE;
    const { asks, pass } = bench([account("a", { facts: { reading: reading([], { at }) } })]);
    await pass(30);
    expect(asked(asks)).toEqual(["a"]);
  });

  test("asks by the new interval as soon as it changes", async () => {
    const { asks, pass, settings } = bench(accounts(1));
    await pass(100);
    settings.set("jobs.usagePollIntervalSeconds", 30);
    await pass(2);
    expect(asks).toHaveLength(2);
    await pass(30);
    expect(asks).toHaveLength(3);
  });
});

describe("a large pool", () => {
  const random = () => {
    let state = 7;
    return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  };

  test("of 10,000 accounts is spread over the interval, and each account is read once in it", async () => {
    const { asks, pass } = bench(accounts(10_000), {}, random());
    await pass(30 + 660);
    const first = asked(asks);
    expect(new Set(first).size).toBe(10_000);
    expect(Math.max(...asks.map(({ ids }) => ids.length))).toBeLessThanOrEqual(10_000 * (16 / 600));
    await pass(600);
    const perAccount = Map.groupBy(asked(asks), (id) => id);
    const counts = [...perAccount.values()].map(({ length }) => length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(3);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...asks.map(({ ids }) => ids.length))).toBeLessThanOrEqual(10_000 * (16 / 600));
  });

  test("makes no burst when the machine has slept", async () => {
    const { asks, pass, clock } = bench(accounts(10_000));
    await pass(60);
    asks.length = 0;
    clock.now = (
      (now) => () =>
        now + 60 * MINUTE
    )(clock.now());
    await pass(10);
    expect(asks.map(({ ids }) => ids.length)).toEqual([1000]);
  });
});

describe("trouble", () => {
  test("with every account of a round is a failure, and is asked again less and less often", async () => {
    const { asks, broken, pass, told, status } = bench(accounts(1), { "jobs.usagePollBackoffMaxSeconds": 1800 });
    broken.add("acc_0");
    await pass(20_000);
    const waits = asks.slice(1).map(({ at }, index) => at - asks[index]!.at);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(600);
    expect(waits.at(-1)).toBe(1800);
    expect(told[0]).toMatch(/quota.*down/);
    expect(status().failures).toBe(asks.length);
    broken.clear();
    await pass(1800);
    expect(status()).toMatchObject({ failures: 0, lastError: null });
  });

  test("with some accounts is none of the round, and those are asked once per interval", async () => {
    const { asks, broken, pass, told } = bench(accounts(3));
    broken.add("acc_1");
    await pass(1250);
    expect(told).toEqual([]);
    expect(asked(asks).filter((id) => id === "acc_1")).toHaveLength(3);
  });
});
