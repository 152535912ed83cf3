// What an error of the Gemini API says: `{error: {code, message, status}}`, where `status` is the word for it.

import { asList, asObject, asText } from "../../../kit/json-value.ts";
import type { UpstreamComplaint } from "../../upstream-format.ts";

export function geminiComplaint(body: unknown): UpstreamComplaint {
  // Errors of streams come in a list at times.
  const outer = asObject(Array.isArray(body) ? asList(body)[0] : body);
  const error = asObject(outer?.["error"]);
  const status = asText(error?.["status"]);
  return { code: status, type: null, message: asText(error?.["message"]) ?? "" };
}

const CODES: Readonly<Record<string, string>> = {
  RESOURCE_EXHAUSTED: "rate_limit_exceeded",
  UNAVAILABLE: "server_is_overloaded",
  INVALID_ARGUMENT: "invalid_request",
  FAILED_PRECONDITION: "invalid_request",
};

/** The internal form's word for an error that comes in a stream. */
export function failureCode(status: string | null): string {
  return CODES[status ?? ""] ?? "upstream_error";
}
