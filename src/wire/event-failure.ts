// The failure that a stream of the internal form tells in its last event.

import type { Failure, FailureCode } from "../contract/failure.ts";
import { asObject, asText, type JsonObject } from "../kit/json-value.ts";
import type { InternalEvent } from "./internal.ts";

/** Codes that clients are told as they are; any other is trouble of the upstream. */
const TOLD: ReadonlySet<string> = new Set<FailureCode>([
  "invalid_request",
  "context_length_exceeded",
  "invalid_encrypted_content",
  "previous_response_not_found",
  "content_policy",
  "usage_limit_reached",
  "insufficient_quota",
  "rate_limit_exceeded",
  "server_is_overloaded",
  "model_not_supported",
]);

/** States of an answer that is over and is none. */
const BROKEN_OFF: ReadonlySet<unknown> = new Set(["failed", "cancelled"]);

/**
 * Of `response.failed` and `error`, and of the other last events where they tell of a failure in other words: an answer that was
 * cancelled, or that is incomplete since a limit of the account was reached. Null for every other event.
 */
export function failureOfEvent(event: InternalEvent): Failure | null {
  const response = asObject(event["response"]);
  if (event.type === "response.failed" || event.type === "error") {
    return failureOf(asObject(response?.["error"]) ?? asObject(event["error"]) ?? event);
  }
  if (event.type === "response.completed" || event.type === "response.done") {
    return BROKEN_OFF.has(response?.["status"]) ? failureOf(asObject(response?.["error"]) ?? {}) : null;
  }
  if (event.type !== "response.incomplete") return null;
  const reason = asText(asObject(response?.["incomplete_details"])?.["reason"]) ?? "";
  return TOLD.has(reason)
    ? failureOf({ code: reason, message: `The upstream broke off its answer: ${reason}.` })
    : null;
}

function failureOf(error: JsonObject): Failure {
  const code = asText(error["code"]) ?? "";
  return {
    code: TOLD.has(code) ? (code as FailureCode) : "upstream_error",
    class: "gateway",
    scope: "request",
    retry: "never",
    message: asText(error["message"]) ?? "The upstream failed in the middle of its answer.",
  };
}
