// One gateway request as the log keeps it, and its way into a table row and back.

import type { SQLOutputValue } from "node:sqlite";

export interface AttemptRow {
  readonly accountId: string;
  /** Upstream status, or null when no answer came. */
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string | null;
  /** Milliseconds since the request arrived. */
  readonly startedMs: number;
  readonly tookMs: number;
}

export interface SkipRow {
  readonly accountId: string;
  readonly reason: string;
  /** Epoch ms. */
  readonly until: number | null;
}

/** Times are epoch ms, token counts whole numbers, cost integer micro-USD. */
export interface RequestRow {
  readonly traceId: string;
  readonly createdAt: number;
  readonly keyId: string | null;
  readonly accountId: string | null;
  readonly firstAccountId: string | null;
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  readonly conversation: string | null;
  /** What the client asked for; a platform key may lay down another one. */
  readonly clientModel: string | null;
  readonly model: string | null;
  readonly upstreamModel: string | null;
  readonly clientReasoningEffort: string | null;
  readonly reasoningEffort: string | null;
  readonly serviceTier: string | null;
  readonly isStream: boolean;
  readonly upstreamUrl: string | null;
  readonly statusCode: number;
  readonly errorCode: string | null;
  readonly error: string | null;
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningOutputTokens: number | null;
  readonly totalTokens: number | null;
  readonly costMicroUsd: number | null;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
  readonly routeReason: string | null;
  readonly attempts: readonly AttemptRow[];
  readonly skipped: readonly SkipRow[];
  readonly lost: readonly string[];
}

/** `skipped` holds the first of those passed over, never all of a large pool. */
export interface LoggedRequest extends RequestRow {
  readonly id: number;
  readonly skippedCount: number;
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
  attempts: "attempts",
  skipped: "skipped",
  lost: "lost",
} as const satisfies Record<string, keyof RequestRow>;

const own = Object.entries(fields);

/** Columns of a row as it is written. */
export const requestColumns = [...Object.keys(fields), "skipped_count"] as readonly RequestColumn[];
export type RequestColumn = keyof typeof fields | "skipped_count";

const lists: ReadonlySet<string> = new Set(["attempts", "skipped", "lost"]);

export type RowValue = string | number | null;

/** Flat and made of primitives only, which is the cheapest thing to send to another thread. */
export function toValues(row: RequestRow): RowValue[] {
  const values = own.map(([, field]) => toValue(field === "skipped" ? row.skipped.slice(0, mostSkips) : row[field]));
  values.push(row.skipped.length);
  return values;
}

function toValue(value: RequestRow[keyof RequestRow]): RowValue {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "object" || value === null) return value;
  return value.length === 0 ? null : JSON.stringify(value);
}

/** Columns that were not asked for are left out. */
export function toLoggedRequest(columns: Readonly<Record<string, SQLOutputValue>>): LoggedRequest {
  const row: Record<string, unknown> = { id: columns["id"], skippedCount: columns["skipped_count"] };
  for (const [column, field] of own) {
    const value = columns[column];
    if (value === undefined) continue;
    if (lists.has(column)) row[field] = typeof value === "string" ? JSON.parse(value) : [];
    else row[field] = column === "is_stream" ? value === 1 : value;
  }
  return row as unknown as LoggedRequest;
}
