import { expect, test } from "vitest";
import { geminiComplaint } from "./errors.ts";

const error = (status: string, message = "no", details: readonly object[] = []) => {
  return { error: { code: 400, status, message, details } };
};
const quota = (quotaId: string) => ({
  "@type": "type.googleapis.com/google.rpc.QuotaFailure",
  violations: [{ quotaId }],
});

test.each([
  ["a burst limit", error("RESOURCE_EXHAUSTED", "no", [quota("RequestsPerMinutePerProject")]), "rate_limit_exceeded"],
  ["a quota of the day", error("RESOURCE_EXHAUSTED", "no", [quota("RequestsPerDayPerProject")]), "usage_limit_reached"],
  ["an overload", error("UNAVAILABLE"), "server_is_overloaded"],
  ["a model that is not there", error("NOT_FOUND"), "model_not_supported"],
  ["a key that is not valid", error("INVALID_ARGUMENT", "no", [{ reason: "API_KEY_INVALID" }]), "invalid_api_key"],
  [
    "a conversation that is too long",
    error("INVALID_ARGUMENT", "The input token count (9) exceeds the maximum number of tokens allowed (8)."),
    "context_length_exceeded",
  ],
  [
    "a signature of another model",
    error("INVALID_ARGUMENT", "Invalid thought signature."),
    "invalid_encrypted_content",
  ],
  ["any other fault of the request", error("INVALID_ARGUMENT"), null],
])("%s is known by its code", (_what, body, code) => {
  expect(geminiComplaint(body).code).toBe(code);
});

test("an error is read alone and in a list, and nothing is read from what is none", () => {
  const told = { code: "server_is_overloaded", type: "UNAVAILABLE", message: "busy" };
  expect(geminiComplaint(error("UNAVAILABLE", "busy"))).toEqual(told);
  expect(geminiComplaint([error("UNAVAILABLE", "busy")])).toEqual(told);
  expect(geminiComplaint("busy")).toEqual({ code: null, type: null, message: "" });
});
