// What an error of the Messages API says: `{type: "error", error: {type, message}}`.
// Facts: platform.claude.com/docs/en/api/errors; what a fault of the request is about stands in its words only, as reported in public
// issue threads.

import { asObject, asText } from "../../../kit/json-value.ts";
import type { UpstreamComplaint } from "../../upstream-format.ts";

const CODES: Readonly<Record<string, string>> = {
  overloaded_error: "server_is_overloaded",
  rate_limit_error: "rate_limit_exceeded",
  billing_error: "insufficient_quota",
};

/** Errors that only their words tell from others of the same type. */
const WORDS: ReadonlyArray<readonly [string, RegExp, string]> = [
  ["invalid_request_error", /^prompt is too long: \d+ tokens > \d+ maximum/, "context_length_exceeded"],
  ["invalid_request_error", /^input length and `max_tokens` exceed context limit/, "context_length_exceeded"],
  ["invalid_request_error", /Invalid `signature` in `thinking` block/, "invalid_encrypted_content"],
  ["invalid_request_error", /^Your credit balance is too low/, "insufficient_quota"],
  ["not_found_error", /^model: /, "model_not_supported"],
];

export function messagesComplaint(body: unknown): UpstreamComplaint {
  const error = asObject(asObject(body)?.["error"]);
  const type = asText(error?.["type"]);
  const message = asText(error?.["message"]) ?? "";
  const told = WORDS.find(([kind, words]) => kind === type && words.test(message))?.[2];
  return { code: told ?? CODES[type ?? ""] ?? null, type, message };
}

/** The internal form's word for an error that comes in a stream. */
export function failureCode({ code, type }: UpstreamComplaint): string {
  return code ?? (type === "invalid_request_error" ? "invalid_request" : "upstream_error");
}
