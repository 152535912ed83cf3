// A request log of a long time in use, written through the store itself.

import { join } from "node:path";

import { systemClock } from "../src/kit/clock.ts";
import { openRequestLog } from "../src/store/requests/request-log.ts";
import type { RequestRow } from "../src/contract/request-row.ts";

/** Rows between two flushes, so that the writer never has to throw any away. */
const BATCH = 4000;
const MONTH_MS = 30 * 24 * 3600 * 1000;

/** Spreads the rows over the last month. */
export async function fillLog(folder: string, rows: number): Promise<void> {
  if (rows === 0) return;
  const log = await openRequestLog({
    path: join(folder, "requests.db"),
    storePath: null,
    keptReadings: 200,
    clock: systemClock,
  });
  const first = Date.now() - MONTH_MS;
  for (let index = 0; index < rows; index += 1) {
    log.record(rowAt(index, first + Math.floor((index / rows) * MONTH_MS)));
    if (index % BATCH === BATCH - 1) await log.flush();
  }
  await log.flush();
  await log.catchUp();
  const { lostRows } = log;
  await log.close();
  if (lostRows > 0) throw new Error(`${lostRows} rows of the log were lost`);
}

function rowAt(index: number, createdAt: number): RequestRow {
  const accountId = `account-${index % 10}`;
  return {
    traceId: `trc_${createdAt}_${index.toString(16)}`,
    createdAt,
    keyId: "gk_bench",
    accountId,
    firstAccountId: accountId,
    method: "POST",
    path: "/v1/responses",
    protocol: "responses",
    conversation: `conversation-${index % 5000}`,
    clientModel: "gpt-5.5",
    model: "gpt-5.5",
    upstreamModel: "gpt-5.5",
    clientReasoningEffort: "low",
    reasoningEffort: "low",
    serviceTier: null,
    isStream: true,
    upstreamUrl: "https://chatgpt.com/backend-api/codex/responses",
    statusCode: 200,
    errorCode: null,
    error: null,
    inputTokens: 10_240,
    cachedInputTokens: 9_216,
    outputTokens: 512,
    reasoningOutputTokens: 128,
    totalTokens: 10_752,
    costMicroUsd: 4_200,
    firstByteMs: 900,
    durationMs: 12_000,
    routeReason: "bound",
    commitMs: 850,
    candidates: [accountId],
    attempts: [
      {
        accountId,
        status: 200,
        code: null,
        message: null,
        startedMs: 2,
        phase: null,
        reason: "ordered",
        waitedMs: 0,
        tookMs: 11_998,
      },
    ],
    skipped: [],
    skippedCount: 0,
    lost: [],
    isPaidFallback: false,
  };
}
