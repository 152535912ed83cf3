// What the user says about accounts and keys, over RPC, and that requests follow it.

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import type { InputOf } from "../../src/contract/rpc/table.ts";
import { sendTurn } from "../gateway/turn.ts";
import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

let running: Running;
let anna: string;
let bert: string;
let turns = 0;

beforeAll(async () => {
  running = await runService();
  await running.importAccounts(["anna", "bert"].map((name) => running.world.addAccount({ name })));
  const { items } = await running.rpc("account/list");
  [anna, bert] = items.map(({ id }) => id) as [string, string];
});
afterAll(() => running.close());
beforeEach(async () => {
  const nothing = { priority: 0, mark: "normal", maxInflight: null, status: "active" } as const;
  await running.rpc("account/updateMany", { accountIds: [anna, bert], groupName: "team", tags: [], ...nothing });
});

const turn = (key: string) => {
  turns += 1;
  return sendTurn(running.service.url, { thread: `t${turns}`, headers: { authorization: `Bearer ${key}` } });
};

/** Who serves the next conversation of a key with these limits. */
async function servedBy(limits: InputOf<"apikey/create"> = {}): Promise<string | null> {
  const { key } = await running.rpc("apikey/create", limits);
  const end = await turn(key);
  const traceId = String(end.headers["x-codexmanager-trace-id"]);
  for (;;) {
    const { item } = await running.rpc("requestlog/read", { traceId });
    if (item !== null) return item.accountId;
  }
}

const item = async (id: string) => (await running.rpc("account/list")).items.find((each) => each.id === id);

test("an account is what the user says of it, without control characters, and nothing else changes", async () => {
  const edit = {
    label: "Bert\u0007",
    groupName: "home",
    tags: [" a ", "a", ""],
    note: "n",
    priority: -5,
    maxInflight: 2,
  };
  await running.rpc("account/update", { accountId: bert, ...edit });
  const told = { label: "Bert", groupName: "home", tags: ["a"], note: "n", priority: -5, maxInflight: 2 };
  expect(await item(bert)).toMatchObject({ ...told, mark: "normal", sort: 10, status: "active" });
});

test.each([
  [{ priority: 101 }, /^priority: /],
  [{ mark: "best" }, /^mark: /],
  [{ maxInflight: -1 }, /^maxInflight: /],
  [{ status: "gone" }, /^status: /],
])("%j is refused with the field that is wrong", async (edit, error) => {
  const message = expect.stringMatching(error) as string;
  expect(await running.ask("account/update", { accountId: bert, ...edit })).toMatchObject({
    ok: false,
    error: message,
  });
});

test("several accounts are changed alike, or none when one of them is unknown", async () => {
  const accountIds = [anna, "nobody", bert];
  const failed = { ok: false, error: "account not found: nobody" };
  expect(await running.ask("account/updateMany", { accountIds, priority: 7 })).toEqual(failed);
  expect(await item(anna)).toMatchObject({ priority: 0 });
  await running.rpc("account/updateMany", { accountIds: [anna, bert], priority: 7 });
  expect([await item(anna), await item(bert)]).toMatchObject([{ priority: 7 }, { priority: 7 }]);
});

test("requests follow priority and marks", async () => {
  expect(await servedBy()).toBe(anna);
  await running.rpc("account/update", { accountId: bert, priority: 1 });
  expect(await servedBy()).toBe(bert);
  await running.rpc("account/update", { accountId: bert, mark: "preserve" });
  expect(await servedBy()).toBe(anna);
});

test("a key is served by accounts of its groups, tags and plans only", async () => {
  await running.rpc("account/update", { accountId: bert, groupName: "home", tags: ["x"] });
  expect(await servedBy({ accountGroupFilter: ["home"] })).toBe(bert);
  expect(await servedBy({ accountTagFilter: ["x", "y"] })).toBe(bert);
  expect(await servedBy({ accountPlanFilter: ["pro"] })).toBeNull();
});

test("a key's filters and limit are shown, change when given, and stay when not", async () => {
  const { id } = await running.rpc("apikey/create", { accountGroupFilter: ["home"], maxInflight: 3 });
  const shown = async () => (await running.rpc("apikey/list")).items.find((key) => key.id === id);
  await running.rpc("apikey/updateModel", { id });
  expect(await shown()).toMatchObject({ accountGroupFilter: ["home"], accountTagFilter: [], maxInflight: 3 });
  await running.rpc("apikey/updateModel", { id, accountGroupFilter: [], maxInflight: 0 });
  expect(await shown()).toMatchObject({ accountGroupFilter: [], maxInflight: 0 });
});

test("a key that may have one request under way makes the next one wait", async () => {
  const { key } = await running.rpc("apikey/create", { maxInflight: 1 });
  const hold = running.world.hold("turn");
  const first = turn(key);
  await hold.arrived;
  const second = turn(key);
  hold.release();
  expect(await Promise.all([first, second])).toMatchObject([{ status: 200 }, { status: 200 }]);
});
