// What an error of the Messages API says: `{type: "error", error: {type, message}}`.

import { asObject, asText } from "../../../kit/json-value.ts";
import type { UpstreamComplaint } from "../../upstream-format.ts";

export function messagesComplaint(body: unknown): UpstreamComplaint {
  const error = asObject(asObject(body)?.["error"]);
  return { code: null, type: asText(error?.["type"]), message: asText(error?.["message"]) ?? "" };
}

const CODES: Readonly<Record<string, string>> = {
  overloaded_error: "server_is_overloaded",
  rate_limit_error: "rate_limit_exceeded",
  invalid_request_error: "invalid_request",
  billing_error: "insufficient_quota",
};

/** The internal form's word for an error that comes in a stream. */
export function failureCode(type: string | null): string {
  return CODES[type ?? ""] ?? "upstream_error";
}
