// Stage 7: writes down how a call ended, exactly once, and lets account, binding and metrics learn from it. It never
// fails the request.

import type { Failure } from "../contract/failure.ts";
import type { Clock } from "../kit/clock.ts";
import { withoutSecrets } from "../kit/redact.ts";
import { judge } from "../pool/classify.ts";
import { afterFailure, afterReading, afterSuccess } from "../pool/transitions.ts";
import { observeEvent } from "../upstream/observe.ts";
import type { Committed } from "./attempt.ts";
import type { Call } from "./call.ts";
import type { RequestRow } from "../contract/request-row.ts";
import type { GatewayMetrics, RequestLog } from "./ports.ts";
import type { Prices } from "./prices.ts";
import type { Roster } from "./roster.ts";
import type { Trace } from "./trace.ts";

export interface Outcome {
  readonly call: Call;
  readonly committed: Committed | null;
  /** Null when the client has its whole answer. */
  readonly failure: Failure | null;
}

export interface SettleParts {
  readonly clock: Clock;
  readonly roster: Roster;
  readonly requests: RequestLog;
  readonly metrics: GatewayMetrics;
  readonly trace: Trace;
  readonly prices: Pick<Prices, "costMicroUsd">;
}

const CLIENT_CLOSED = 499;

export function settle({ call, committed, failure }: Outcome, parts: SettleParts): void {
  const now = parts.clock.now();
  call.record.leaveKey?.();
  if (committed !== null) learn(committed, parts.roster, now);
  const row = toRow({ call, committed, failure }, parts.prices, now);
  parts.requests.record(row);
  const { path, protocol, statusCode: status, durationMs, firstByteMs } = row;
  parts.metrics.requestEnded({ path, protocol, status, durationMs, firstByteMs, addedMs: call.addedMs });
  parts.trace.finished(row, call);
}

function learn(committed: Committed, roster: Roster, now: number): void {
  const { accountId, exchange, ask, attemptedAt, call, lease } = committed;
  const { terminal, readings } = exchange.tap;
  roster.end(lease);
  call.record.usage = terminal?.facts.usage ?? null;
  call.record.upstreamModel = terminal?.facts.model ?? null;
  roster.change(accountId, (facts) => {
    const read = readings.reduce(afterReading, facts);
    // What broke off, or was broken off, shows neither that the account serves nor that it does not.
    if (terminal === null && exchange.isEventStream) return read;
    if (terminal?.kind !== "failed") return afterSuccess(read, { model: ask.model, startedAt: attemptedAt, now });
    const refusal = judge({ seen: observeEvent(terminal.payload, now), facts: read, now });
    return afterFailure(read, refusal, { model: ask.model, now });
  });
}

function toRow({ call, committed, failure }: Outcome, prices: SettleParts["prices"], now: number): RequestRow {
  const { record, request, response } = call;
  const attempts = committed === null ? record.attempts : [...record.attempts, lastAttempt(committed, now)];
  const { usage } = record;
  const terminalError = committed?.exchange.tap.terminal?.facts.error ?? null;
  return {
    traceId: call.traceId,
    createdAt: call.startedAt,
    keyId: record.keyId,
    accountId: committed?.accountId ?? null,
    firstAccountId: attempts[0]?.accountId ?? null,
    method: request.method ?? "",
    path: record.path,
    protocol: record.protocol,
    conversation: record.conversation,
    clientModel: record.clientModel,
    model: record.model,
    upstreamModel: record.upstreamModel,
    clientReasoningEffort: record.clientReasoningEffort,
    reasoningEffort: record.reasoningEffort,
    serviceTier: record.serviceTier,
    isStream: record.isStream,
    upstreamUrl: record.upstreamUrl,
    statusCode: failure?.code === "client_closed" ? CLIENT_CLOSED : response.statusCode,
    errorCode: failure?.code ?? terminalError?.code ?? null,
    error: failure?.message ?? (terminalError && withoutSecrets(terminalError.message)) ?? null,
    inputTokens: usage?.input ?? null,
    cachedInputTokens: usage?.cachedInput ?? null,
    outputTokens: usage?.output ?? null,
    reasoningOutputTokens: usage?.reasoningOutput ?? null,
    totalTokens: usage?.total ?? null,
    costMicroUsd: prices.costMicroUsd(record.upstreamModel ?? record.model, usage, record.serviceTier),
    firstByteMs: record.firstByteAt === null ? null : record.firstByteAt - call.startedAt,
    durationMs: now - call.startedAt,
    routeReason: record.routeReason,
    commitMs: committed === null ? null : committed.committedAt - call.startedAt,
    candidates: record.candidates,
    attempts,
    skipped: record.skipped,
    skippedCount: record.skippedCount,
    lost: record.lost,
    isPaidFallback: committed !== null && committed.isFallbackPaid && committed.lease.account.isPaid,
  };
}

function lastAttempt(
  { accountId, exchange, attemptedAt, call, waitedMs }: Committed,
  now: number,
): RequestRow["attempts"][number] {
  return {
    accountId,
    reason: call.record.routeReason ?? "",
    phase: null,
    status: exchange.status,
    code: null,
    message: null,
    startedMs: attemptedAt - call.startedAt,
    tookMs: now - attemptedAt,
    waitedMs,
  };
}
