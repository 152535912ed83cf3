// One gateway request as the log keeps it, and its way into a table row and back.

import type { SQLOutputValue } from "node:sqlite";
import type { RequestRow } from "../../contract/request-row.ts";

/** `skipped` holds the first of those passed over, never all of a large pool. */
export interface LoggedRequest extends RequestRow {
  readonly id: number;
}

/** A row as lists show it; who was passed over is told when one is read. */
export type ListedRequest = Omit<LoggedRequest, "skipped">;

/** So many of the accounts passed over are written down with a request. */
const mostSkips = 100;

/** Table column -> field, in the order of `toValues`. */
const fields = {
  trace_id: "traceId",
  created_at: "createdAt",
  key_id: "keyId",
  account_id: "accountId",
  first_account_id: "firstAccountId",
  method: "method",
  path: "path",
  protocol: "protocol",
  conversation: "conversation",
  client_model: "clientModel",
  model: "model",
  upstream_model: "upstreamModel",
  client_reasoning_effort: "clientReasoningEffort",
  reasoning_effort: "reasoningEffort",
  service_tier: "serviceTier",
  is_stream: "isStream",
  upstream_url: "upstreamUrl",
  status_code: "statusCode",
  error_code: "errorCode",
  error: "error",
  input_tokens: "inputTokens",
  cached_input_tokens: "cachedInputTokens",
  output_tokens: "outputTokens",
  reasoning_output_tokens: "reasoningOutputTokens",
  total_tokens: "totalTokens",
  cost_micro_usd: "costMicroUsd",
  first_byte_ms: "firstByteMs",
  duration_ms: "durationMs",
  route_reason: "routeReason",
  commit_ms: "commitMs",
  candidates: "candidates",
  attempts: "attempts",
  skipped: "skipped",
  skipped_count: "skippedCount",
  lost: "lost",
  is_paid_fallback: "isPaidFallback",
} as const satisfies Record<string, keyof RequestRow>;

const own = Object.entries(fields);

/** Columns of a row as it is written. */
export const requestColumns = Object.keys(fields) as readonly RequestColumn[];
export type RequestColumn = keyof typeof fields;

const flags: ReadonlySet<string> = new Set(["is_stream", "is_paid_fallback"]);
const lists: ReadonlySet<string> = new Set(["candidates", "attempts", "skipped", "lost"]);

export type RowValue = string | number | null;

/** Flat and made of primitives only, which is the cheapest thing to send to another thread. */
export function toValues(row: RequestRow): RowValue[] {
  return own.map(([, field]) => toValue(field === "skipped" ? row.skipped.slice(0, mostSkips) : row[field]));
}

function toValue(value: RequestRow[keyof RequestRow]): RowValue {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "object" || value === null) return value;
  return value.length === 0 ? null : JSON.stringify(value);
}

/** Columns that were not asked for are left out. */
export function toLoggedRequest(columns: Readonly<Record<string, SQLOutputValue>>): LoggedRequest {
  const row: Record<string, unknown> = { id: columns["id"] };
  for (const [column, field] of own) {
    const value = columns[column];
    if (value === undefined) continue;
    if (lists.has(column)) row[field] = typeof value === "string" ? JSON.parse(value) : [];
    else row[field] = flags.has(column) ? value === 1 : value;
  }
  return row as unknown as LoggedRequest;
}
