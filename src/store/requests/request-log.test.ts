import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../kit/clock.ts";
import type { Reading } from "../../pool/account.ts";
import { requestRow } from "../testing.ts";
import { openRequestLog } from "./request-log.ts";
import type { RequestLog } from "./request-log.ts";

let directory: string;
let path: string;
let log: RequestLog;

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
  const row = requestRow({
    isStream: true,
    error: "ü\u0000",
    attempts: [{ accountId: "a", status: 429, code: "usage_limit_reached", message: "m", startedMs: 1, tookMs: 2 }],
    skipped: [{ accountId: "b", reason: "disabled", until: null }],
    lost: ["reasoning"],
  });
  log.record(row);
  await log.close();
  log = await open();
  expect((await log.list({ limit: 10 })).items).toEqual([{ id: 1, ...row }]);
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

test("what was used is summed by day, and stays known when the log is cleared", async () => {
  const noon = Date.UTC(2026, 10, 21, 12);
  const used = { inputTokens: 100, cachedInputTokens: 40, outputTokens: 10, reasoningOutputTokens: 4, costMicroUsd: 7 };
  log.record(requestRow({ createdAt: noon, ...used }));
  log.record(requestRow({ createdAt: noon + 1, ...used }));
  log.record(requestRow({ createdAt: noon - 86_400_000, ...used }));
  log.record(requestRow({ createdAt: noon, inputTokens: null, outputTokens: null }));
  await log.flush();
  const midnight = Date.UTC(2026, 10, 21);
  const today = { since: midnight, until: midnight + 86_400_000 };
  const summary = {
    requests: 3,
    inputTokens: 200,
    cachedInputTokens: 80,
    outputTokens: 20,
    reasoningOutputTokens: 8,
    costMicroUsd: 14,
  };
  expect(await log.todaySummary(today)).toEqual(summary);
  await log.clear();
  expect((await log.list({ limit: 10 })).items).toEqual([]);
  expect(await log.todaySummary(today)).toEqual(summary);
  expect(await log.todaySummary({ since: 0, until: 1 })).toMatchObject({ requests: 0, inputTokens: 0 });
});

test("old rows can be forgotten", async () => {
  for (let at = 0; at < 6; at++) log.record(requestRow({ createdAt: at }));
  await log.flush();
  expect(await log.prune(4)).toBe(4);
  expect((await log.list({ limit: 10 })).items.map((row) => row.createdAt)).toEqual([5, 4]);
});

test("the newest readings of each account are kept", async () => {
  const reading = (at: number): Reading => ({ windows: [], plan: null, credits: null, source: "poll", at });
  for (let at = 1; at <= 5; at++) log.recordReading("acc_1", reading(at));
  log.recordReading("acc_2", reading(9));
  await log.flush();
  expect((await log.readings({ accountId: "acc_1", limit: 10 })).map(({ at }) => at)).toEqual([5, 4, 3]);
  expect(await log.readings({ accountId: "acc_2", limit: 10 })).toEqual([reading(9)]);
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
