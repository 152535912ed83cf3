import { expect, test } from "vitest";
import { systemClock } from "../kit/clock.ts";
import { type AccountFacts, freshFacts } from "../pool/account.ts";
import { account, reading as readingOf } from "../pool/testing.ts";
import type { UsageAnswer } from "../upstream/chatgpt/usage.ts";
import { createUsageRefresh } from "./refresh.ts";

const reading = readingOf([], { plan: "pro", source: "poll", at: 7 });
const read: UsageAnswer = { kind: "read", readings: [reading] };
const unauthorized: UsageAnswer = { kind: "unauthorized", status: 401, code: "token_expired" };

/** Accounts whose upstream gives the scripted answers, one after another. */
function world(scripts: Readonly<Record<string, UsageAnswer[]>>, workers = 2) {
  const accounts = new Map(Object.keys(scripts).map((id) => [id, account(id)]));
  const renewed: string[] = [];
  const history: string[] = [];
  const load = { now: 0, most: 0 };
  const token = (accountId: string, value: string) =>
    ({ ok: true, token: { accountId, value, expiresAt: null } }) as const;
  const refresh = createUsageRefresh({
    source: {
      find: (id) => accounts.get(id) ?? null,
      list: () => [...accounts.values()],
      changeFacts(id, change) {
        const account = accounts.get(id)!;
        accounts.set(id, { ...account, facts: change(account.facts) });
      },
    },
    tokens: {
      current: async (id) => token(id, "old"),
      async renew(id) {
        renewed.push(id);
        return token(id, "new");
      },
    },
    reader: {
      async read({ accountId }) {
        load.now += 1;
        load.most = Math.max(load.most, load.now);
        await new Promise((resolve) => setImmediate(resolve));
        load.now -= 1;
        return scripts[accountId]!.shift() ?? { kind: "unreachable", message: "silent" };
      },
    },
    history: { recordReading: (id) => void history.push(id) },
    clock: systemClock,
    workers: () => workers,
  });
  return { refresh, renewed, history, load, facts: (id: string): AccountFacts => accounts.get(id)!.facts };
}

test("a reading is kept with the account and in its history", async () => {
  const { refresh, facts, history } = world({ a: [read] });
  expect(await refresh.refresh()).toEqual({ refreshed: ["a"], failed: [] });
  expect(facts("a").reading).toEqual(reading);
  expect(history).toEqual(["a"]);
});

test("readings of all quotas are kept, each by its name", async () => {
  const spark = { ...reading, family: "codex_bengalfox" };
  const { refresh, facts, history } = world({ a: [{ kind: "read", readings: [reading, spark] }] });
  await refresh.refresh();
  expect(facts("a")).toMatchObject({ reading, otherReadings: [spark] });
  expect(history).toEqual(["a", "a"]);
});

test("an account is asked about once at a time, whoever wants to know", async () => {
  const { refresh, load, history } = world({ a: [read, read] });
  const reports = await Promise.all([refresh.refresh(["a", "a"]), refresh.refresh()]);
  expect(reports).toEqual([
    { refreshed: ["a", "a"], failed: [] },
    { refreshed: ["a"], failed: [] },
  ]);
  expect(load.most).toBe(1);
  expect(history).toEqual(["a"]);
});

test("reading anew waits for the question under way and asks another", async () => {
  const { refresh, load, history } = world({ a: [read, read] });
  const [, again] = await Promise.all([refresh.refresh(["a"]), refresh.reread("a")]);
  expect(again).toEqual({ refreshed: ["a"], failed: [] });
  expect(load.most).toBe(1);
  expect(history).toEqual(["a", "a"]);
});

test("a refused token is renewed and the question asked once more", async () => {
  const { refresh, renewed } = world({ a: [unauthorized, read], b: [unauthorized, unauthorized, read] });
  expect(await refresh.refresh()).toMatchObject({ refreshed: ["a"], failed: [{ accountId: "b" }] });
  expect(renewed).toEqual(["a", "b"]);
});

test("trouble changes nothing about an account", async () => {
  const denied: UsageAnswer = { kind: "unauthorized", status: 403, code: "codex_workspace_access_denied" };
  const { refresh, facts, renewed } = world({ a: [{ kind: "unreachable", message: "down" }], b: [denied] });
  expect(await refresh.refresh()).toMatchObject({ refreshed: [], failed: [{ message: "down" }, {}] });
  expect(facts("a")).toEqual(freshFacts);
  expect(facts("b")).toEqual(freshFacts);
  expect(renewed).toEqual([]);
});

test("the upstream's word that an account is deactivated is believed at once", async () => {
  const { refresh, facts, renewed } = world({
    a: [{ kind: "unauthorized", status: 401, code: "account_deactivated" }],
  });
  await refresh.refresh();
  expect(facts("a").login).toMatchObject({ state: "deactivated", code: "account_deactivated" });
  expect(renewed).toEqual([]);
});

test("many accounts are asked about together, never more than allowed, and unknown ones passed over", async () => {
  const ids = Array.from({ length: 9 }, (_, at) => `a${at}`);
  const { refresh, load } = world(Object.fromEntries(ids.map((id) => [id, [read]])), 3);
  expect((await refresh.refresh()).refreshed).toHaveLength(9);
  expect(load.most).toBe(3);
  expect(await refresh.refresh(["nobody"])).toEqual({ refreshed: [], failed: [] });
});

test("nobody more is asked once it is broken off", async () => {
  const { refresh, history } = world({ a: [read], b: [read], c: [read] }, 1);
  const breaking = new AbortController();
  const report = refresh.refresh(["a", "b", "c"], breaking.signal);
  breaking.abort();
  expect(await report).toEqual({ refreshed: ["a"], failed: [] });
  expect(history).toEqual(["a"]);
});
