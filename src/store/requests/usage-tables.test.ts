import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../kit/clock.ts";
import { requestRow } from "../testing.ts";
import type { UsageQuery } from "./messages.ts";
import { openRequestLog } from "./request-log.ts";
import type { RequestLog } from "./request-log.ts";

let directory: string;
let log: RequestLog;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "cxm-usage-"));
  const path = join(directory, "requests.db");
  log = await openRequestLog({ path, storePath: null, keptReadings: 0, clock: systemClock });
});

afterEach(async () => {
  await log.close();
  rmSync(directory, { recursive: true });
});

/** Local time, as days are. */
const at = (day: number, hour = 0) => new Date(2026, 10, day, hour).getTime();
const everything = { since: at(1), until: at(31), by: null, limit: 10 } as const;
const used = { inputTokens: 100, cachedInputTokens: 40, outputTokens: 10, reasoningOutputTokens: 4, costMicroUsd: 7 };

async function names(query: Partial<UsageQuery>) {
  const { groups } = await log.usage({ ...everything, ...query });
  return groups.map(({ name, requests }) => [name, requests]);
}

test("what was used is summed up, and stays known when the log is cleared", async () => {
  log.record(requestRow({ createdAt: at(21, 12), ...used }));
  log.record(requestRow({ createdAt: at(21, 13), statusCode: 429, ...used }));
  log.record(requestRow({ createdAt: at(20, 12), ...used }));
  log.record(requestRow({ createdAt: at(21, 12), statusCode: 499, errorCode: "client_closed" }));
  await log.flush();
  const total = {
    requests: 3,
    failures: 1,
    inputTokens: 200,
    cachedInputTokens: 80,
    outputTokens: 20,
    reasoningOutputTokens: 8,
    costMicroUsd: 14,
  };
  const day = { ...everything, since: at(21), until: at(22) };
  expect(await log.usage(day)).toEqual({ total, groups: [] });
  await log.clear();
  expect((await log.usage(day)).total).toEqual(total);
  expect((await log.usage({ ...day, since: 0, until: 1 })).total).toMatchObject({ requests: 0, inputTokens: 0 });
});

test("sums are told apart by account, key, model, day or hour", async () => {
  log.record(requestRow({ createdAt: at(3, 9), accountId: "a", keyId: "k", model: "m", upstreamModel: "u" }));
  log.record(requestRow({ createdAt: at(3, 10), accountId: "b", keyId: null, model: "m" }));
  log.record(requestRow({ createdAt: at(5, 10), accountId: "b", keyId: "k", model: "m" }));
  await log.flush();
  expect(await names({ by: "account" })).toEqual([
    ["b", 2],
    ["a", 1],
  ]);
  expect(await names({ by: "key" })).toEqual([
    ["k", 2],
    ["", 1],
  ]);
  expect(await names({ by: "model", limit: 1 })).toEqual([["m", 2]]);
  expect(await names({ by: "day" })).toEqual([
    [at(3), 2],
    [at(5), 1],
  ]);
  expect(await names({ by: "day", accountId: "b" })).toEqual([
    [at(3), 1],
    [at(5), 1],
  ]);
  expect((await names({ by: "hour" })).map(([, requests]) => requests)).toEqual([1, 1, 1]);
});

test("a long range is cut to the quarter of an hour at both ends", async () => {
  for (let day = 1; day <= 9; day++) log.record(requestRow({ createdAt: at(day, 12) }));
  await log.flush();
  expect((await log.usage({ ...everything, since: at(2, 13), until: at(8, 12) })).total.requests).toBe(5);
  expect((await log.usage({ ...everything, since: at(2, 12), until: at(8, 13) })).total.requests).toBe(7);
  expect(await names({ since: at(2, 12), until: at(5, 13), by: "day" })).toHaveLength(4);
});

test("days outlive their quarters of an hour, and are forgotten when that is wanted", async () => {
  log.record(requestRow({ createdAt: at(1, 12) }));
  log.record(requestRow({ createdAt: at(30, 12) }));
  await log.flush();
  const limits = { requestsBefore: null, usageBefore: null, maxBytes: null };
  await log.retain({ ...limits, now: at(1, 12) + 70 * 86_400_000 });
  expect((await log.usage(everything)).total.requests).toBe(2);
  expect((await log.usage({ ...everything, since: at(1, 10), until: at(2) })).total.requests).toBe(1);
  expect(await names({ by: "hour" })).toHaveLength(1);
  await log.retain({ ...limits, now: at(31), usageBefore: at(2) });
  expect((await log.usage(everything)).total.requests).toBe(1);
});
