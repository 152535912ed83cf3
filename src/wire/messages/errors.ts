// How a failure looks to a client that speaks Messages.
// Facts: error types of platform.claude.com/docs/en/api/errors; Claude Code 2.1 shows `error.message` and repeats 401, 429 and 5xx
// about ten times, 400 six times with features taken away, 403 never.

import type { Failure, FailureCode } from "../../contract/failure.ts";
import { asObject, asText, parseJson } from "../../kit/json-value.ts";
import type { ClientAnswer, FailureContext } from "../protocol.ts";

interface Look {
  readonly status: number;
  readonly type: string;
}

const INVALID: Look = { status: 400, type: "invalid_request_error" };
const DENIED: Look = { status: 403, type: "permission_error" };
const LIMITED: Look = { status: 429, type: "rate_limit_error" };
const OVERLOADED: Look = { status: 529, type: "overloaded_error" };
const NOT_FOUND: Look = { status: 404, type: "not_found_error" };

const LOOKS: Readonly<Record<FailureCode, Look>> = {
  invalid_request: INVALID,
  context_length_exceeded: INVALID,
  request_too_large: { status: 413, type: "request_too_large" },
  invalid_encrypted_content: INVALID,
  previous_response_not_found: INVALID,
  content_policy: INVALID,
  model_not_supported: NOT_FOUND,
  no_account_available: DENIED,
  token_expired: DENIED,
  token_invalidated: DENIED,
  sign_in_required: DENIED,
  account_deactivated: DENIED,
  workspace_denied: DENIED,
  access_denied: DENIED,
  usage_limit_reached: LIMITED,
  insufficient_quota: LIMITED,
  usage_not_included: LIMITED,
  rate_limit_exceeded: LIMITED,
  server_is_overloaded: OVERLOADED,
  upstream_error: OVERLOADED,
  upstream_challenge: OVERLOADED,
  upstream_unreachable: OVERLOADED,
  upstream_timeout: { status: 504, type: "timeout_error" },
  upstream_stream_truncated: OVERLOADED,
  missing_key: { status: 401, type: "authentication_error" },
  unknown_key: { status: 401, type: "authentication_error" },
  key_disabled: DENIED,
  login_instead_of_key: DENIED,
  not_found: NOT_FOUND,
  method_not_allowed: { status: 405, type: "invalid_request_error" },
  unsupported_encoding: { status: 415, type: "invalid_request_error" },
  client_closed: { status: 499, type: "invalid_request_error" },
  shutting_down: OVERLOADED,
  internal_error: { status: 500, type: "api_error" },
};

/** Statuses that clients wait after before they ask again. */
const WAITED_FOR: ReadonlySet<number> = new Set([429, 504, 529]);
const DEFAULT_WAIT_SECONDS = 5;

export function messagesFailureAnswer(failure: Failure, { traceId, now }: FailureContext): ClientAnswer {
  const { status, type } = LOOKS[failure.code];
  const wait = waitSeconds(failure, status, now);
  const body = { type: "error", error: { type, message: messageOf(failure) }, request_id: traceId };
  return {
    status,
    headers: {
      "content-type": "application/json",
      "request-id": traceId,
      "x-codexmanager-trace-id": traceId,
      ...(wait === null ? {} : { "retry-after": String(wait) }),
    },
    body: Buffer.from(JSON.stringify(body)),
  };
}

export function messagesFailureEvent(failure: Failure): Buffer {
  const { type } = LOOKS[failure.code];
  const event = { type: "error", error: { type, message: messageOf(failure) } };
  return Buffer.from(`event: error\ndata: ${JSON.stringify(event)}\n\n`);
}

/** What an upstream has said of the request itself is the client's to know, in its own words. */
function messageOf(failure: Failure): string {
  if (failure.class !== "request" || failure.answer === undefined) return failure.message;
  const body = asObject(parseJson(failure.answer.body));
  const told = asObject(body?.["error"]) ?? asObject(body?.["detail"]) ?? body;
  return asText(told?.["message"]) ?? asText(body?.["detail"]) ?? failure.message;
}

function waitSeconds({ until }: Failure, status: number, now: number): number | null {
  if (!WAITED_FOR.has(status)) return null;
  if (until !== undefined) return Math.max(1, Math.ceil((until - now) / 1000));
  return status === 429 ? null : DEFAULT_WAIT_SECONDS;
}
