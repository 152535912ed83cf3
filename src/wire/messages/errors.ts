// How a failure looks to a client that speaks the Messages API.
// Facts: statuses and error types of the public Messages API, and `x-should-retry` as its SDK obeys it
// (@anthropic-ai/sdk 1.11). Claude Code 2.1 repeats 401, 429 and 5xx about ten times, a 400 six times, and compacts a
// conversation by itself when it reads "prompt is too long".

import type { Failure, FailureCode } from "../../contract/failure.ts";
import { asObject, asText, parseJson } from "../../kit/json-value.ts";
import type { ClientAnswer, FailureContext } from "../protocol.ts";
import { frame } from "./frame.ts";

interface Look {
  readonly status: number;
  readonly type: string;
}

const invalid: Look = { status: 400, type: "invalid_request_error" };
const unknownKey: Look = { status: 401, type: "authentication_error" };
const forbidden: Look = { status: 403, type: "permission_error" };
const notFound: Look = { status: 404, type: "not_found_error" };
const limited: Look = { status: 429, type: "rate_limit_error" };
const overloaded: Look = { status: 529, type: "overloaded_error" };

const LOOKS: Readonly<Record<FailureCode, Look>> = {
  invalid_request: invalid,
  context_length_exceeded: invalid,
  request_too_large: { status: 413, type: "request_too_large" },
  invalid_encrypted_content: invalid,
  previous_response_not_found: invalid,
  content_policy: invalid,
  model_not_supported: notFound,
  no_account_available: forbidden,
  token_expired: forbidden,
  token_invalidated: forbidden,
  sign_in_required: forbidden,
  account_deactivated: forbidden,
  workspace_denied: forbidden,
  access_denied: forbidden,
  usage_limit_reached: limited,
  insufficient_quota: limited,
  usage_not_included: limited,
  rate_limit_exceeded: limited,
  // Trouble upstream is told as overload, which clients repeat by themselves.
  server_is_overloaded: overloaded,
  upstream_error: overloaded,
  upstream_challenge: overloaded,
  upstream_unreachable: overloaded,
  upstream_stream_truncated: overloaded,
  shutting_down: overloaded,
  upstream_timeout: { status: 504, type: "timeout_error" },
  missing_key: unknownKey,
  unknown_key: unknownKey,
  key_disabled: forbidden,
  login_instead_of_key: forbidden,
  not_found: notFound,
  method_not_allowed: { status: 405, type: "invalid_request_error" },
  unsupported_encoding: { status: 415, type: "invalid_request_error" },
  client_closed: { status: 499, type: "invalid_request_error" },
  internal_error: { status: 500, type: "api_error" },
};

/** Seconds to wait before asking again, when trouble upstream comes without a better word. */
const DEFAULT_RETRY_SECONDS = 5;
/** Who has to wait longer is better told at once than kept waiting by its client. */
const LONGEST_SILENT_WAIT_SECONDS = 60;

export function messagesFailureAnswer(failure: Failure, { traceId, now }: FailureContext): ClientAnswer {
  const { status, type } = LOOKS[failure.code];
  const wait = waitSeconds(failure, status, now);
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "request-id": traceId,
    "x-codexmanager-trace-id": traceId,
  };
  if (wait !== null) headers["retry-after"] = String(wait);
  if (status === 401 || (wait ?? 0) > LONGEST_SILENT_WAIT_SECONDS) headers["x-should-retry"] = "false";
  const body = { type: "error", error: { type, message: messageOf(failure) }, request_id: traceId };
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}

/** Ends a stream that has begun. */
export function messagesFailureEvent(failure: Failure): Buffer {
  const error = { type: LOOKS[failure.code].type, message: messageOf(failure) };
  return Buffer.from(frame("error", { error }));
}

function messageOf(failure: Failure): string {
  const message = upstreamWords(failure) ?? failure.message;
  return failure.code === "context_length_exceeded" ? `prompt is too long: ${message}` : message;
}

/** What an upstream says of the request itself is the client's to know in full. */
function upstreamWords(failure: Failure): string | null {
  if (failure.class !== "request" || failure.answer === undefined) return null;
  const body = asObject(parseJson(failure.answer.body));
  return asText(asObject(body?.["error"])?.["message"]) ?? asText(body?.["detail"]);
}

function waitSeconds(failure: Failure, status: number, now: number): number | null {
  const isTrouble = status === 529 || status === 504;
  if (status !== 429 && !isTrouble) return null;
  if (failure.until !== undefined) return Math.max(1, Math.ceil((failure.until - now) / 1000));
  return isTrouble ? DEFAULT_RETRY_SECONDS : null;
}
