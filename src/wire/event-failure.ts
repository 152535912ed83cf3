// The failure that a stream of the internal form tells in its last event.

import type { Failure, FailureCode } from "../contract/failure.ts";
import { asObject, asText } from "../kit/json-value.ts";
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

/** Of `response.failed` and `error`; null for every other event. */
export function failureOfEvent(event: InternalEvent): Failure | null {
  if (event.type !== "response.failed" && event.type !== "error") return null;
  const error = asObject(asObject(event["response"])?.["error"]) ?? asObject(event["error"]) ?? event;
  const code = asText(error["code"]) ?? "";
  return {
    code: TOLD.has(code) ? (code as FailureCode) : "upstream_error",
    class: "gateway",
    scope: "request",
    retry: "never",
    message: asText(error["message"]) ?? "The upstream failed in the middle of its answer.",
  };
}
