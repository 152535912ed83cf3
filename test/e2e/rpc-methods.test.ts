// Every RPC method, done well and done badly.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { MethodName, ResultOf } from "../../src/contract/rpc/table.ts";
import { methodNames, rpcMethods } from "../../src/contract/rpc/table.ts";
import type { DemoAccount } from "../../src/demo/index.ts";
import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

let running: Running;
let anna: DemoAccount;
let bert: DemoAccount;

beforeAll(async () => {
  running = await runService();
  anna = running.world.addAccount({ name: "anna" });
  bert = running.world.addAccount({ name: "bert" });
  await running.importAccounts([anna, bert]);
});
afterAll(() => running.close());

/** Asks, and holds the answer against the contract when it is not a failure. */
async function ask(method: MethodName, params?: unknown): Promise<unknown> {
  const result = await running.ask(method, params);
  const isFailure =
    typeof result === "object" && result !== null && "error" in result && typeof result.error === "string";
  if (!isFailure) rpcMethods[method].result.parse(result);
  return result;
}

const ids = async () => (await running.rpc("account/list")).items.map(({ id }) => id);

describe("the service", () => {
  test("names itself as the original does", async () => {
    expect(await ask("initialize")).toMatchObject({ server_name: "codexmanager-service" });
  });

  test("tells how it is", async () => {
    expect(await ask("system/status")).toMatchObject({
      pid: process.pid,
      serviceUrl: running.service.url,
      dataDirectory: running.directory,
      accounts: { total: 2, byState: { unknown: 2 } },
      warnings: [],
    });
  });

  test("explains its settings and hides the secret ones", async () => {
    const { items } = (await ask("settings/explain")) as { items: { key: string; source: string; value: unknown }[] };
    expect(items.find(({ key }) => key === "gateway.upstreamUrl")).toMatchObject({
      value: running.world.chatgptUrl,
      source: "environment",
      variable: "CODEXMANAGER_UPSTREAM_BASE_URL",
    });
  });
});

describe("accounts", () => {
  test("are listed in the user's order with the original's fields", async () => {
    const [id] = await ids();
    expect(await ask("account/list")).toMatchObject({
      items: [{ id, label: anna.email, groupName: "IMPORT", sort: 5, state: "unknown" }, { sort: 10 }],
    });
  });

  test("move when their order changes; leaving the order out means 0", async () => {
    const [first, second] = await ids();
    expect(await ask("account/update", { accountId: second, sort: 1 })).toEqual({ ok: true });
    expect(await ids()).toEqual([second, first]);
    expect(await ask("account/update", { accountId: first })).toEqual({ ok: true });
    expect(await ids()).toEqual([first, second]);
  });

  test.each(["account/update", "account/delete"] as const)("%s says what is missing or unknown", async (method) => {
    expect(await ask(method)).toEqual({ ok: false, error: "missing accountId" });
    expect(await ask(method, { accountId: " " })).toEqual({ ok: false, error: "missing accountId" });
    expect(await ask(method, { accountId: "nobody" })).toEqual({ ok: false, error: "account not found" });
  });

  test("an order that is no number is refused", async () => {
    const [accountId] = await ids();
    expect(await ask("account/update", { accountId, sort: "first" })).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^sort: /) as string,
    });
  });

  test("a bad file is one failed item and stops no other", async () => {
    const clara = JSON.stringify(running.world.addAccount({ name: "clara" }).authJson());
    const params = { contents: ["{ not json", clara], content: clara, names: ["bad.json", "clara.json"] };
    expect(await ask("account/import", params)).toMatchObject({
      total: 3,
      created: 1,
      updated: 1,
      failed: 1,
      errors: [{ index: 1, file: "bad.json" }],
    });
    const claraId = (await ids()).at(-1);
    expect(await ask("account/delete", { accountId: claraId })).toEqual({ ok: true });
    expect(await ids()).not.toContain(claraId);
  });

  test("importing nothing is nothing", async () => {
    expect(await ask("account/import")).toMatchObject({ total: 0, failed: 0, errors: [] });
    expect(await ask("account/import", { contents: "x" })).toMatchObject({ error: expect.any(String) as string });
  });
});

describe("readings", () => {
  test("are there after a refresh, in seconds and in the original's fields", async () => {
    const [accountId] = await ids();
    expect(await ask("account/usage/read", { accountId })).toEqual({ snapshot: null });
    expect(await ask("account/usage/refresh", { accountId })).toEqual({ ok: true });
    const nowSeconds = Date.now() / 1000;
    const { snapshot } = (await ask("account/usage/read", { accountId })) as { snapshot: Record<string, unknown> };
    expect(snapshot).toMatchObject({
      accountId,
      availabilityStatus: "available",
      windowMinutes: 300,
      secondaryWindowMinutes: 10_080,
    });
    expect(Math.abs(Number(snapshot.capturedAt) - nowSeconds)).toBeLessThan(60);
    expect(Number(snapshot.resetsAt)).toBeLessThan(nowSeconds + 6 * 3600);
  });

  test("of all accounts are listed newest first, and the newest is read without an id", async () => {
    expect(await ask("account/usage/refresh")).toEqual({ ok: true });
    const { items } = (await ask("account/usage/list")) as { items: { accountId: string; capturedAt: number }[] };
    expect(items.map(({ accountId }) => accountId).toSorted()).toEqual((await ids()).toSorted());
    expect(items.map(({ capturedAt }) => capturedAt)).toEqual(
      items.map(({ capturedAt }) => capturedAt).toSorted((a, b) => b - a),
    );
    expect(await ask("account/usage/read")).toMatchObject({ snapshot: { capturedAt: items[0]?.capturedAt } });
  });

  test("of an unknown account are none, and asking for them is still fine", async () => {
    expect(await ask("account/usage/refresh", { accountId: "nobody" })).toEqual({ ok: true });
    expect(await ask("account/usage/read", { accountId: "nobody" })).toEqual({ snapshot: null });
  });
});

describe("platform keys", () => {
  test("are created, listed, shown again, switched, bound and deleted", async () => {
    const { id, key } = (await ask("apikey/create", { name: "mine", protocolType: "openai" })) as Record<
      string,
      string
    >;
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    const listed = async () => {
      const { items } = (await ask("apikey/list")) as { items: { id: string }[] };
      return items.find((item) => item.id === id);
    };
    expect(await listed()).toMatchObject({
      name: "mine",
      clientType: "codex",
      protocolType: "openai_compat",
      authScheme: "authorization_bearer",
      status: "active",
      lastUsedAt: null,
    });
    expect(JSON.stringify(await listed())).not.toContain(key);
    expect(await ask("apikey/readSecret", { id })).toEqual({ id, key });
    expect(await ask("apikey/disable", { id })).toEqual({ ok: true });
    expect(await listed()).toMatchObject({ status: "disabled" });
    expect(await ask("apikey/enable", { id })).toEqual({ ok: true });
    const bound = { id, modelSlug: "gpt-5.2", reasoningEffort: "extra_high" };
    expect(await ask("apikey/updateModel", bound)).toEqual({ ok: true });
    expect(await listed()).toMatchObject({ status: "active", modelSlug: "gpt-5.2", reasoningEffort: "xhigh" });
    expect(await ask("apikey/updateModel", { id, modelSlug: null })).toEqual({ ok: true });
    expect(await listed()).toMatchObject({ modelSlug: null, reasoningEffort: null });
    expect(await ask("apikey/delete", { id })).toEqual({ ok: true });
    expect(await listed()).toBeUndefined();
  });

  test.each<[MethodName, unknown, unknown]>([
    ["apikey/create", { protocolType: "gopher" }, { error: "unsupported protocol type: gopher" }],
    ["apikey/readSecret", {}, { error: "missing key id" }],
    ["apikey/readSecret", { id: "gk_none" }, { error: "api key secret not found" }],
    ["apikey/updateModel", {}, { ok: false, error: "key id required" }],
    ["apikey/updateModel", { id: "gk_none" }, { ok: false, error: "api key not found" }],
    ["apikey/delete", {}, { ok: false, error: "missing id" }],
    ["apikey/disable", { id: "" }, { ok: false, error: "missing id" }],
    ["apikey/enable", { id: "gk_none" }, { ok: false, error: "api key not found" }],
  ])("%s with %j answers as the original does", async (method, params, result) => {
    expect(await ask(method, params)).toEqual(result);
  });

  test("the models are those of the pool, and a forced look asks again", async () => {
    const { items } = (await ask("apikey/models")) as { items: { slug: string; displayName: string }[] };
    expect(items.length).toBeGreaterThan(0);
    expect(items[0]).toEqual({ slug: expect.any(String) as string, displayName: expect.any(String) as string });
    running.world.forgetRequests();
    await ask("apikey/models");
    expect(running.world.requests).toHaveLength(0);
    await ask("apikey/models", { refreshRemote: true });
    expect(running.world.requests.length).toBeGreaterThan(0);
  });
});

describe("the name of a model", () => {
  test("is told to mean what it would mean to a request of the same key and client", async () => {
    const name = "claude-haiku-5-5";
    const substitute = { name, reasoningEffort: null, serviceTier: null, reason: "substitute", pattern: "*haiku*" };
    expect(await ask("models/resolve", { name })).toEqual({ ...substitute, model: "gpt-5.4-mini" });
    expect(await ask("models/resolve", { name, isCodex: true })).toMatchObject({ model: name, reason: "unknown" });
    const { id } = await running.rpc("apikey/create", { modelSlug: "gpt-5.5", reasoningEffort: "high" });
    const laidDown = { model: "gpt-5.5", reasoningEffort: "high", reason: "key", pattern: null };
    expect(await ask("models/resolve", { name, keyId: id })).toMatchObject(laidDown);
    expect(await ask("models/resolve", { name, keyId: "gk_none" })).toEqual({ error: "api key not found" });
    expect(await ask("models/resolve")).toEqual({ error: "missing name" });
    await ask("apikey/delete", { id });
  });
});

describe("the route of a request", () => {
  test("is told without a request, for a key by its id or secret", async () => {
    const { id, key } = await running.rpc("apikey/create", { modelSlug: "gpt-5.5" });
    const [first] = await ids();
    const next = { accountId: first, reason: "ordered", waitsUntil: null };
    expect(await ask("gateway/explain", { model: "gpt-5.2" })).toMatchObject({ next, model: "gpt-5.2", verdict: null });
    expect(await ask("gateway/explain", { keyId: id, model: "gpt-5.2" })).toMatchObject({ next, model: "gpt-5.5" });
    expect(await ask("gateway/explain", { key, limit: 1 })).toMatchObject({ next, candidates: [{ accountId: first }] });
    expect(await ask("gateway/explain", { keyId: "gk_none" })).toEqual({ error: "api key not found" });
    await ask("apikey/delete", { id });
  });

  test("says who is passed over, and why", async () => {
    const [first, second] = await ids();
    await ask("account/update", { accountId: first, status: "disabled" });
    expect(await ask("gateway/explain")).toMatchObject({
      next: { accountId: second },
      skipped: [{ accountId: first, reason: "disabled", until: null }],
    });
    await ask("account/update", { accountId: first, status: "active" });
  });
});

test("the forecast tells what is left, and that three readings are needed for a rate", async () => {
  await ask("account/usage/refresh");
  const [accountId] = await ids();
  const told = (await ask("pool/forecast", { accountIds: [accountId] })) as ResultOf<"pool/forecast">;
  expect(told).toMatchObject({ capacityReturnsAt: null, accounts: [{ accountId, state: "ready" }] });
  expect(told.pool.map(({ windowMinutes }) => windowMinutes)).toEqual([300, 10_080]);
  expect(told.pool[0]).toMatchObject({ accounts: 2, measuredAccounts: 0, outlook: "not_enough_data", runsDryAt: null });
  expect(told.accounts[0]?.windows[0]).toMatchObject({ outlook: "not_enough_data", ratePerHour: null });
  expect(await ask("pool/forecast")).toMatchObject({ accounts: [] });
});

describe("the request log", () => {
  test("is empty, is asked with the original's fields, and can be cleared", async () => {
    const empty = { items: [], nextCursor: null, searchedRows: null };
    expect(await ask("requestlog/list")).toEqual(empty);
    expect(await ask("requestlog/list", { query: "status:5xx", limit: "5000" })).toEqual(empty);
    expect(await ask("requestlog/list", { cursor: "x" })).toMatchObject({
      error: expect.stringMatching(/cursor/) as string,
    });
    expect(await ask("requestlog/read", { traceId: "trc_0" })).toEqual({ item: null });
    expect(await ask("requestlog/read")).toEqual({ error: "id or traceId required" });
    expect(await ask("requestlog/list", { limit: "many" })).toMatchObject({ error: expect.any(String) as string });
    expect(await ask("requestlog/clear")).toEqual({ ok: true });
    expect(await ask("requestlog/today_summary")).toEqual({
      inputTokens: 0,
      cachedInputTokens: 0,
      outputTokens: 0,
      reasoningOutputTokens: 0,
      todayTokens: 0,
      estimatedCost: 0,
    });
    const { requests } = (await ask("requestlog/summary")) as { requests: number };
    expect(requests).toBe(0);
    expect(await ask("usage/summary", { by: "model" })).toMatchObject({ total: { requests: 0 }, items: [] });
    const long = { by: "hour", since: 0, until: 86_400 * 8 };
    expect(await ask("usage/summary", long)).toEqual({ error: "by hour, a range may have 7 days at most" });
    const { items } = (await ask("usage/prices")) as { items: { model: string }[] };
    expect(items.map(({ model }) => model)).toContain("gpt-6.1-sol");
  });
});

test("the background jobs wait for their first run, none of them at once", async () => {
  const { items } = (await ask("jobs/list")) as { items: { name: string; nextRunAt: number }[] };
  expect(items.map(({ name }) => name)).toEqual([
    "usage-polling",
    "recovery-probes",
    "credit-redemption",
    "token-renewal",
    "keepalive",
    "model-catalogue",
    "retention",
  ]);
  const { startedAt } = await running.rpc("system/status");
  const waiting = { isEnabled: true, isRunning: false, lastRunAt: null, lastError: null, failures: 0 };
  expect(items.find(({ name }) => name === "credit-redemption")).toMatchObject({ isEnabled: false, nextRunAt: null });
  for (const item of items.filter(({ name }) => name !== "credit-redemption")) {
    expect(item).toMatchObject(waiting);
    expect(item.nextRunAt - startedAt!).toBeGreaterThanOrEqual(10);
  }
});

test("every method is called by name in one of the black-box tests", () => {
  const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".test.ts"));
  const files = names.map((name) => join(import.meta.dirname, name));
  const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
  expect(methodNames.filter((name) => !text.includes(`"${name}"`))).toEqual([]);
});
