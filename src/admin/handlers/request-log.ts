// The request log over RPC.

import type { requestLogMethods } from "../../contract/rpc/areas/request-log.ts";
import type { Clock } from "../../kit/clock.ts";
import type { LoggedRequest } from "../../store/requests/request-row.ts";
import type { RequestLog } from "../../store/requests/request-log.ts";
import type { Handlers } from "../handler.ts";
import { done, toSeconds } from "../handler.ts";

export interface RequestLogDeps {
  readonly requests: Pick<RequestLog, "list" | "clear" | "todaySummary">;
  readonly clock: Clock;
}

const usualLimit = 200;
const mostItems = 1000;
const microUsd = 1_000_000;

export function requestLogHandlers({ requests, clock }: RequestLogDeps): Handlers<keyof typeof requestLogMethods> {
  return {
    "requestlog/list": async ({ query, limit }) => {
      const count = Math.min(Math.max(limit ?? usualLimit, 1), mostItems);
      const { items } = await requests.list({ ...(query === null ? {} : { query }), limit: count });
      return done({ items: items.map(toItem) });
    },
    "requestlog/clear": async () => {
      await requests.clear();
      return done(null);
    },
    "requestlog/today_summary": async () => {
      const { inputTokens, cachedInputTokens, outputTokens, reasoningOutputTokens, costMicroUsd } =
        await requests.todaySummary(today(clock.now()));
      return done({
        inputTokens,
        cachedInputTokens,
        outputTokens,
        reasoningOutputTokens,
        todayTokens: Math.max(0, inputTokens - cachedInputTokens) + outputTokens,
        estimatedCost: costMicroUsd / microUsd,
      });
    },
  };
}

/** From local midnight to the next one. */
function today(now: number): { since: number; until: number } {
  const day = new Date(now);
  const since = new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  const until = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
  return { since, until };
}

function toItem(row: LoggedRequest) {
  return {
    keyId: row.keyId,
    accountId: row.accountId,
    requestPath: row.path,
    method: row.method,
    model: row.model,
    reasoningEffort: row.reasoningEffort,
    upstreamUrl: row.upstreamUrl,
    statusCode: row.statusCode,
    inputTokens: row.inputTokens,
    cachedInputTokens: row.cachedInputTokens,
    outputTokens: row.outputTokens,
    totalTokens: row.totalTokens,
    reasoningOutputTokens: row.reasoningOutputTokens,
    estimatedCostUsd: row.costMicroUsd === null ? null : row.costMicroUsd / microUsd,
    error: row.error,
    createdAt: toSeconds(row.createdAt),
    traceId: row.traceId,
    durationMs: row.durationMs,
    firstByteMs: row.firstByteMs,
    attempts: row.attempts,
  };
}
