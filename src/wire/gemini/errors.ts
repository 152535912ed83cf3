// How a failure looks to a client that speaks the Gemini API.
// Facts: cloud.google.com/apis/design/errors for the form and the words of statuses. Gemini CLI 0.61 repeats 429 and 503
// for minutes, a 429 at its own time where `RetryInfo` names one; it ends at once when a quota of a day is used up, or
// when it would have to wait for more than five minutes.

import type { Failure, FailureCode } from "../../contract/failure.ts";
import { asObject, asText, type JsonObject, parseJson } from "../../kit/json-value.ts";
import type { ClientAnswer, FailureContext } from "../protocol.ts";
import { oneLine } from "./one-line.ts";

interface Look {
  readonly code: number;
  readonly status: string;
  /** Nothing can be had before the quota is renewed. */
  readonly isUsedUp?: boolean;
}

const INVALID: Look = { code: 400, status: "INVALID_ARGUMENT" };
const UNREADY: Look = { code: 400, status: "FAILED_PRECONDITION" };
const UNKNOWN: Look = { code: 401, status: "UNAUTHENTICATED" };
const DENIED: Look = { code: 403, status: "PERMISSION_DENIED" };
const NOT_FOUND: Look = { code: 404, status: "NOT_FOUND" };
const LIMITED: Look = { code: 429, status: "RESOURCE_EXHAUSTED" };
const USED_UP: Look = { ...LIMITED, isUsedUp: true };
const UNAVAILABLE: Look = { code: 503, status: "UNAVAILABLE" };

const LOOKS: Readonly<Record<FailureCode, Look>> = {
  invalid_request: INVALID,
  context_length_exceeded: INVALID,
  request_too_large: { code: 413, status: "INVALID_ARGUMENT" },
  invalid_encrypted_content: INVALID,
  previous_response_not_found: INVALID,
  content_policy: INVALID,
  model_not_supported: NOT_FOUND,
  no_account_available: UNREADY,
  token_expired: UNREADY,
  token_invalidated: UNREADY,
  sign_in_required: UNREADY,
  account_deactivated: UNREADY,
  workspace_denied: UNREADY,
  access_denied: UNREADY,
  usage_limit_reached: USED_UP,
  insufficient_quota: USED_UP,
  usage_not_included: USED_UP,
  rate_limit_exceeded: LIMITED,
  server_is_overloaded: UNAVAILABLE,
  upstream_error: UNAVAILABLE,
  upstream_challenge: UNAVAILABLE,
  upstream_unreachable: UNAVAILABLE,
  upstream_timeout: { code: 504, status: "DEADLINE_EXCEEDED" },
  upstream_stream_truncated: UNAVAILABLE,
  missing_key: UNKNOWN,
  unknown_key: UNKNOWN,
  key_disabled: DENIED,
  login_instead_of_key: DENIED,
  not_found: NOT_FOUND,
  method_not_allowed: { code: 405, status: "UNIMPLEMENTED" },
  unsupported_encoding: { code: 415, status: "INVALID_ARGUMENT" },
  client_closed: { code: 499, status: "CANCELLED" },
  shutting_down: UNAVAILABLE,
  internal_error: { code: 500, status: "INTERNAL" },
};

/** Codes that clients wait after before they ask again. */
const WAITED_FOR: ReadonlySet<number> = new Set([429, 503, 504]);
const DEFAULT_WAIT_SECONDS = 5;

export function geminiFailureAnswer(failure: Failure, { traceId, now }: FailureContext): ClientAnswer {
  const { code } = LOOKS[failure.code];
  const wait = waitSeconds(failure, code, now);
  return {
    status: code,
    headers: {
      "content-type": "application/json",
      "x-codexmanager-trace-id": traceId,
      ...(wait === null ? {} : { "retry-after": String(wait) }),
    },
    body: Buffer.from(JSON.stringify({ error: errorOf(failure, wait) })),
  };
}

/**
 * In the middle of a stream an error stands alone, as Google writes it: the SDKs look for it there. One behind `data: `
 * they take for a piece of the answer with nothing in it, and the answer may pass for complete.
 */
export function geminiFailureEvent(failure: Failure): Buffer {
  return Buffer.from(`${oneLine({ error: errorOf(failure, null) })}\n\n`);
}

function errorOf(failure: Failure, wait: number | null): JsonObject {
  const { code, status } = LOOKS[failure.code];
  const details = detailsOf(failure, wait);
  return { code, message: messageOf(failure), status, ...(details.length === 0 ? {} : { details }) };
}

/**
 * Gemini CLI asks again for minutes unless it learns that waiting is no use: by a long wait, upon which it shows our own words,
 * or by a quota for the day, upon which it shows its own.
 */
const LONG_WAIT_SECONDS = 300;

function detailsOf(failure: Failure, wait: number | null): readonly JsonObject[] {
  const { isUsedUp = false } = LOOKS[failure.code];
  const violations = [{ quotaMetric: "codexmanager/pool_usage", quotaId: "PoolUsagePerDay" }];
  const fieldViolations = [{ field: failure.param, description: messageOf(failure) }];
  return [
    ...(isUsedUp && (wait === null || wait <= LONG_WAIT_SECONDS) ? [detail("QuotaFailure", { violations })] : []),
    ...(wait === null ? [] : [detail("RetryInfo", { retryDelay: `${wait}s` })]),
    ...(failure.param === undefined ? [] : [detail("BadRequest", { fieldViolations })]),
  ];
}

function detail(type: string, fields: JsonObject): JsonObject {
  return { "@type": `type.googleapis.com/google.rpc.${type}`, ...fields };
}

/** What an upstream has said of the request itself is the client's to know, in its own words. */
function messageOf(failure: Failure): string {
  if (failure.class !== "request" || failure.answer === undefined) return failure.message;
  const body = asObject(parseJson(failure.answer.body));
  const told = asObject(body?.["error"]) ?? asObject(body?.["detail"]) ?? body;
  return asText(told?.["message"]) ?? asText(body?.["detail"]) ?? failure.message;
}

function waitSeconds({ until }: Failure, code: number, now: number): number | null {
  if (!WAITED_FOR.has(code)) return null;
  if (until !== undefined) return Math.max(1, Math.ceil((until - now) / 1000));
  return code === 429 ? null : DEFAULT_WAIT_SECONDS;
}
