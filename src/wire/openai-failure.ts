// How a failure looks to clients of the OpenAI API, whether they speak Responses or Chat Completions.
// Which answers Codex repeats and which it shows was observed with Codex 0.169: 400 and 429 `usage_limit_reached` end a
// turn at once with their text, other 4xx and 5xx are repeated up to thirty times. The OpenAI SDKs repeat 408, 409, 429
// and 5xx twice.

import type { Failure, FailureCode } from "../contract/failure.ts";
import type { ClientAnswer, FailureContext } from "./protocol.ts";

interface Look {
  readonly status: number;
  readonly type: string;
}

const LOOKS: Readonly<Record<FailureCode, Look>> = {
  invalid_request: { status: 400, type: "invalid_request_error" },
  context_length_exceeded: { status: 400, type: "invalid_request_error" },
  request_too_large: { status: 413, type: "invalid_request_error" },
  invalid_encrypted_content: { status: 400, type: "invalid_request_error" },
  previous_response_not_found: { status: 400, type: "invalid_request_error" },
  content_policy: { status: 400, type: "invalid_request_error" },
  model_not_supported: { status: 400, type: "invalid_request_error" },
  no_account_available: { status: 400, type: "invalid_request_error" },
  token_expired: { status: 400, type: "invalid_request_error" },
  token_invalidated: { status: 400, type: "invalid_request_error" },
  sign_in_required: { status: 400, type: "invalid_request_error" },
  account_deactivated: { status: 400, type: "invalid_request_error" },
  workspace_denied: { status: 400, type: "invalid_request_error" },
  access_denied: { status: 400, type: "invalid_request_error" },
  usage_limit_reached: { status: 429, type: "usage_limit_reached" },
  insufficient_quota: { status: 429, type: "insufficient_quota" },
  usage_not_included: { status: 429, type: "usage_not_included" },
  rate_limit_exceeded: { status: 429, type: "rate_limit_exceeded" },
  server_is_overloaded: { status: 503, type: "server_error" },
  upstream_error: { status: 503, type: "server_error" },
  upstream_challenge: { status: 503, type: "server_error" },
  upstream_unreachable: { status: 503, type: "server_error" },
  upstream_timeout: { status: 503, type: "server_error" },
  upstream_stream_truncated: { status: 502, type: "server_error" },
  missing_key: { status: 401, type: "authentication_error" },
  unknown_key: { status: 401, type: "authentication_error" },
  key_disabled: { status: 403, type: "permission_error" },
  login_instead_of_key: { status: 403, type: "permission_error" },
  not_found: { status: 404, type: "invalid_request_error" },
  method_not_allowed: { status: 405, type: "invalid_request_error" },
  unsupported_encoding: { status: 415, type: "invalid_request_error" },
  client_closed: { status: 499, type: "invalid_request_error" },
  shutting_down: { status: 503, type: "server_error" },
  internal_error: { status: 500, type: "server_error" },
};

/** Seconds to wait before asking again, when trouble upstream comes without a better word. */
const DEFAULT_RETRY_SECONDS = 5;

/** In the gateway's own words. */
export function openAiFailureAnswer(failure: Failure, context: FailureContext): ClientAnswer {
  const { status } = LOOKS[failure.code];
  const wait = waitSeconds(failure, status, context.now);
  const headers: Record<string, string> = { "content-type": "application/json", ...traceHeader(context) };
  if (wait !== null) headers["retry-after"] = String(wait);
  const error = openAiError(failure);
  if (failure.code === "usage_limit_reached" && failure.until !== undefined) {
    error["resets_at"] = Math.ceil(failure.until / 1000);
    error["resets_in_seconds"] = wait;
  }
  return { status, headers, body: Buffer.from(JSON.stringify({ error })) };
}

/** The upstream's own answer about a fault of the request; null for every other failure. */
export function upstreamAnswer(failure: Failure, context: FailureContext): ClientAnswer | null {
  const { answer } = failure;
  if (failure.class !== "request" || answer === undefined) return null;
  return {
    status: isClientFault(answer.status) ? answer.status : LOOKS[failure.code].status,
    headers: { "content-type": answer.contentType, ...traceHeader(context) },
    body: answer.body,
  };
}

/** The error object alone, as it stands in answers and in streams. */
export function openAiError({ code, message, param }: Failure): Record<string, unknown> {
  return { message, type: LOOKS[code].type, code, param: param ?? null };
}

/** Upstreams send some faults of the request as 5xx; clients would repeat those. A 401 would make Codex refresh its login. */
function isClientFault(status: number): boolean {
  return status >= 400 && status < 500 && status !== 401;
}

function waitSeconds(failure: Failure, status: number, now: number): number | null {
  const isUpstreamTrouble = status === 502 || status === 503;
  if (status !== 429 && !isUpstreamTrouble) return null;
  if (failure.until !== undefined) return Math.max(1, Math.ceil((failure.until - now) / 1000));
  return isUpstreamTrouble ? DEFAULT_RETRY_SECONDS : null;
}

function traceHeader(context: FailureContext): Record<string, string> {
  return { "x-codexmanager-trace-id": context.traceId };
}
