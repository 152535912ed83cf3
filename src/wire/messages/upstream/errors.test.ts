import { expect, test } from "vitest";
import { failureCode, messagesComplaint } from "./errors.ts";

const error = (type: string, message = "no") => ({ type: "error", error: { type, message } });

test.each([
  ["an overload", error("overloaded_error"), "server_is_overloaded"],
  ["a burst limit", error("rate_limit_error"), "rate_limit_exceeded"],
  ["a bill that is not paid", error("billing_error"), "insufficient_quota"],
  [
    "a credit that is used up",
    error("invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
    "insufficient_quota",
  ],
  [
    "a conversation that is too long",
    error("invalid_request_error", "prompt is too long: 209001 tokens > 200000 maximum"),
    "context_length_exceeded",
  ],
  [
    "a conversation that leaves no room for the answer",
    error("invalid_request_error", "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000"),
    "context_length_exceeded",
  ],
  [
    "a signature that another key has made",
    error("invalid_request_error", "messages.1.content.0: Invalid `signature` in `thinking` block"),
    "invalid_encrypted_content",
  ],
  ["a model that is not there", error("not_found_error", "model: claude-9"), "model_not_supported"],
  ["any other fault of the request", error("invalid_request_error", "max_tokens: Field required"), null],
])("%s is known by its code", (_what, body, code) => {
  expect(messagesComplaint(body).code).toBe(code);
});

test("nothing is read from what is no error", () => {
  expect(messagesComplaint("busy")).toEqual({ code: null, type: null, message: "" });
});

test("an error in a stream always has a code", () => {
  expect(failureCode(messagesComplaint(error("invalid_request_error")))).toBe("invalid_request");
  expect(failureCode(messagesComplaint(error("api_error")))).toBe("upstream_error");
  expect(failureCode(messagesComplaint(error("overloaded_error")))).toBe("server_is_overloaded");
});
