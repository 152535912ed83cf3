import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../kit/clock.ts";
import type { Reading } from "../../pool/account.ts";
import { reading as readingOf } from "../../pool/testing.ts";
import { requestRow } from "../testing.ts";
import type { Limits, ListQuery } from "./messages.ts";
import { openRequestLog } from "./request-log.ts";
import type { RequestLog } from "./request-log.ts";

let directory: string;
let path: string;
let log: RequestLog;

const nothingOld: Limits = { now: 0, requestsBefore: null, usageBefore: null, maxBytes: null };

const open = (keptReadings = 3) => openRequestLog({ path, storePath: null, keptReadings, clock: systemClock });

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "cxm-log-"));
  path = join(directory, "requests.db");
  log = await open();
});

afterEach(async () => {
  await log.close();
  rmSync(directory, { recursive: true });
});

test("a recorded row is listed as it was, also after the log is opened again", async () => {
  const attempt = { accountId: "a", reason: "bound", phase: "answer", startedMs: 1, tookMs: 2, waitedMs: 0 } as const;
  const row = requestRow({
    isStream: true,
    error: "ü\u0000",
    commitMs: 3,
    candidates: ["a", "b"],
    attempts: [{ ...attempt, status: 429, code: "usage_limit_reached", message: "m" }],
    skipped: [{ accountId: "b", reason: "disabled", until: null }],
    skippedCount: 1,
    lost: ["reasoning"],
  });
  log.record(row);
  await log.close();
  log = await open();
  const { skipped, ...listed } = row;
  expect((await log.list({ limit: 10 })).items).toEqual([{ ...listed, id: 1, skippedCount: skipped.length }]);
  expect(await log.read({ id: 1 })).toEqual({ ...row, id: 1, skippedCount: 1 });
});

test("pages go from the newest to the oldest, and searches narrow them", async () => {
  for (let at = 1; at <= 5; at++) {
    log.record(requestRow({ traceId: `t${at}`, statusCode: at === 3 ? 503 : 200, model: at > 3 ? "gpt-6" : "gpt-5" }));
  }
  await log.flush();
  const first = await log.list({ limit: 2 });
  expect(first.items.map((row) => row.traceId)).toEqual(["t5", "t4"]);
  const second = await log.list({ limit: 2, cursor: first.cursor });
  expect(second.items.map((row) => row.traceId)).toEqual(["t3", "t2"]);
  const last = await log.list({ limit: 2, cursor: second.cursor });
  expect(last).toMatchObject({ items: [{ traceId: "t1" }], cursor: null });
  const found = async (query: string) => (await log.list({ query, limit: 10 })).items.map((row) => row.traceId);
  expect(await found("status:5xx")).toEqual(["t3"]);
  expect(await found("model:=gpt-6")).toEqual(["t5", "t4"]);
  expect(await found("T3")).toEqual(["t3"]);
  expect(await found("nothing like it")).toEqual([]);
});

test("a search finds rows in the text index and those it does not hold yet", async () => {
  const found = async (query: string) => (await log.list({ query, limit: 10 })).items.map((row) => row.traceId);
  log.record(requestRow({ traceId: "t1", error: "the usage LIMIT is reached", upstreamUrl: "https://a.example/x" }));
  log.record(requestRow({ traceId: "t2", error: "limited, but not that", keyId: "reached" }));
  await log.catchUp();
  log.record(requestRow({ traceId: "t3", error: "usage limit is reached" }));
  await log.flush();
  expect(await found("usage limit")).toEqual(["t3", "t1"]);
  expect(await found("error:reached")).toEqual(["t3", "t1"]);
  expect(await found("url:=https://a.example/x")).toEqual(["t1"]);
  expect(await found("gpt-5")).toEqual(["t3", "t2", "t1"]);
  const narrowed = await log.list({ query: "reached", keyId: "reached", limit: 10 });
  expect(narrowed.items.map((row) => row.traceId)).toEqual(["t2"]);
});

test("filters narrow the list, alone and together", async () => {
  log.record(requestRow({ traceId: "ok", createdAt: 1_000, accountId: "a" }));
  log.record(requestRow({ traceId: "limit", createdAt: 2_000, accountId: "a", statusCode: 429 }));
  log.record(
    requestRow({ traceId: "left", createdAt: 3_000, accountId: "b", statusCode: 499, errorCode: "client_closed" }),
  );
  log.record(requestRow({ traceId: "broken", createdAt: 4_000, accountId: "b", errorCode: "server_error" }));
  await log.flush();
  const found = async (filter: Omit<ListQuery, "limit">) =>
    (await log.list({ ...filter, limit: 10 })).items.map((row) => row.traceId);
  expect(await found({ accountId: "a" })).toEqual(["limit", "ok"]);
  expect(await found({ failedOnly: true })).toEqual(["broken", "limit"]);
  expect(await found({ failedOnly: true, accountId: "b" })).toEqual(["broken"]);
  expect(await found({ statusClass: 4 })).toEqual(["left", "limit"]);
  expect(await found({ statusClass: 2, accountId: "b" })).toEqual(["broken"]);
  expect(await found({ since: 2_000, until: 4_000 })).toEqual(["left", "limit"]);
  expect(await found({ since: 10_000_000 })).toEqual([]);
  expect(await found({ keyId: "gk_1", model: "gpt-5", query: "status:200" })).toEqual(["broken", "ok"]);
});

test("rows that come meanwhile do not move a page", async () => {
  for (let at = 1; at <= 4; at++) log.record(requestRow({ traceId: `t${at}` }));
  await log.flush();
  const first = await log.list({ query: "t", limit: 2 });
  log.record(requestRow({ traceId: "t5" }));
  await log.flush();
  const second = await log.list({ query: "t", limit: 2, cursor: first.cursor });
  expect(second.items.map((row) => row.traceId)).toEqual(["t2", "t1"]);
  expect(second.cursor).toBeNull();
});

test("one row is read with its whole decision", async () => {
  const skipped = Array.from({ length: 150 }, (_, at) => ({ accountId: `a${at}`, reason: "blocked", until: at }));
  log.record(requestRow({ traceId: "t1", skipped, skippedCount: 150, lost: ["reasoning"] }));
  await log.flush();
  const row = await log.read({ traceId: "t1" });
  expect(row).toMatchObject({ id: 1, lost: ["reasoning"], skippedCount: 150 });
  expect(row?.skipped).toEqual(skipped.slice(0, 100));
  expect(await log.read({ id: 1 })).toEqual(row);
  expect(await log.read({ traceId: "t2" })).toBeNull();
});

test("a cleared log is empty at once, and ids go on", async () => {
  for (let at = 1; at <= 3; at++) log.record(requestRow({ traceId: `old${at}` }));
  await log.catchUp();
  await log.clear();
  expect((await log.list({ limit: 10 })).items).toEqual([]);
  expect(await log.read({ id: 2 })).toBeNull();
  expect((await log.retain(nothingOld)).removedRows).toBe(3);
  await log.close();
  log = await open();
  log.record(requestRow({ traceId: "new" }));
  await log.flush();
  expect((await log.list({ query: "model:gpt", limit: 10 })).items).toMatchObject([{ id: 4, traceId: "new" }]);
});

test("old rows are forgotten, also those that took long", async () => {
  const hour = 3_600_000;
  for (const at of [0, 1, 2, 5, 1.5, 3, 4]) log.record(requestRow({ createdAt: at * hour }));
  await log.flush();
  expect((await log.retain({ ...nothingOld, requestsBefore: 2 * hour })).removedRows).toBe(3);
  expect((await log.list({ limit: 10 })).items.map((row) => row.createdAt / hour)).toEqual([4, 3, 5, 2]);
});

test("the oldest rows give way when the file is too large", async () => {
  for (let at = 0; at < 3_000; at++) log.record(requestRow({ createdAt: at, error: `message ${at} `.repeat(20) }));
  await log.catchUp();
  const before = await log.retain(nothingOld);
  expect(before.removedRows).toBe(0);
  const { removedRows } = await log.retain({ ...nothingOld, maxBytes: before.bytes / 2 });
  expect(removedRows).toBeGreaterThan(1_500);
  expect(removedRows).toBeLessThan(2_000);
  const { items } = await log.list({ limit: 1_000 });
  expect(items.map((row) => row.createdAt)).toEqual(Array.from({ length: 1_000 }, (_, at) => 2_999 - at));
  expect((await log.list({ query: "message 2998", limit: 5 })).items).toHaveLength(1);
});

test("the newest readings of each account are kept", async () => {
  const reading = (at: number): Reading => readingOf([], { source: "poll", at });
  for (let at = 1; at <= 5; at++) log.recordReading("acc_1", reading(at));
  log.recordReading("acc_2", reading(9));
  await log.flush();
  expect((await log.readings({ accountId: "acc_1", limit: 10 })).map(({ at }) => at)).toEqual([5, 4, 3]);
  expect(await log.readings({ accountId: "acc_2", limit: 10 })).toEqual([reading(9)]);
});

test("what readings of many accounts said of their windows comes as numbers, newest first", async () => {
  const window = (usedPercent: number) => ({ minutes: 300, usedPercent, resetsAt: null });
  const record = (id: string, at: number, family = "codex") =>
    log.recordReading(id, readingOf([window(at * 10)], { source: "poll", at, family }));
  for (const at of [1, 2, 3]) record("many", at);
  record("other", 4);
  record("spark", 5, "codex_other");
  await log.flush();
  const accountIds = ["other", "nobody", "many", "spark"];
  const rows = await log.history({ accountIds, since: 2, perAccount: 2 });
  const expected = [0, 4, 300, 40, Number.NaN, 2, 3, 300, 30, Number.NaN, 2, 2, 300, 20, Number.NaN];
  expect([...rows]).toEqual(expected);
  expect(await log.history({ accountIds, since: 3, perAccount: 1 })).toHaveLength(10);
});

test("rows beyond what may wait are counted as lost, the rest is written", async () => {
  const row = requestRow({});
  for (let at = 0; at < 20_010; at++) log.record(row);
  expect(log.lostRows).toBe(10);
  await log.flush();
  log.record(row);
  await log.flush();
  expect(log.lostRows).toBe(10);
  expect((await log.list({ limit: 1 })).items[0]?.id).toBe(20_001);
});

test("a damaged file is refused and left as it is", async () => {
  const good = path;
  path = join(directory, "damaged.db");
  writeFileSync(path, "no database at all ".repeat(100));
  await expect(open()).rejects.toMatchObject({ problem: "corrupt" });
  path = good;
  expect(readdirSync(directory)).toContain("damaged.db");
});

test("a closed log says so", async () => {
  const closing = await openRequestLog({
    path: join(directory, "b.db"),
    storePath: null,
    keptReadings: 0,
    clock: systemClock,
  });
  await closing.close();
  await expect(closing.list({ limit: 1 })).rejects.toThrow(/closed|ended/);
});
