import { describe, expect, test } from "vitest";
import type { Failure, FailureCode } from "../../contract/failure.ts";
import { messagesFailureAnswer, messagesFailureEvent } from "./errors.ts";

const now = 1_800_000_000_000;
const failure = (code: FailureCode, more: Partial<Failure> = {}): Failure => ({
  code,
  class: "gateway",
  scope: "request",
  retry: "never",
  message: "It went wrong.",
  ...more,
});
const answer = (code: FailureCode, more: Partial<Failure> = {}) => {
  const { status, headers, body } = messagesFailureAnswer(failure(code, more), { traceId: "trc_1", now });
  return { status, headers, body: JSON.parse(body.toString()) as { error: { type: string; message: string } } };
};

describe("a failure", () => {
  test.each<[FailureCode, number, string]>([
    ["invalid_request", 400, "invalid_request_error"],
    ["missing_key", 401, "authentication_error"],
    ["unknown_key", 401, "authentication_error"],
    ["key_disabled", 403, "permission_error"],
    ["login_instead_of_key", 403, "permission_error"],
    ["no_account_available", 403, "permission_error"],
    ["sign_in_required", 403, "permission_error"],
    ["model_not_supported", 404, "not_found_error"],
    ["request_too_large", 413, "request_too_large"],
    ["usage_limit_reached", 429, "rate_limit_error"],
    ["rate_limit_exceeded", 429, "rate_limit_error"],
    ["internal_error", 500, "api_error"],
    ["upstream_timeout", 504, "timeout_error"],
    ["upstream_unreachable", 529, "overloaded_error"],
    ["server_is_overloaded", 529, "overloaded_error"],
  ])("%s is told as %i %s", (code, status, type) => {
    expect(answer(code)).toMatchObject({
      status,
      headers: { "request-id": "trc_1" },
      body: { type: "error", error: { type, message: "It went wrong." }, request_id: "trc_1" },
    });
  });

  test("that ends by itself says when, and one of upstreams asks for patience", () => {
    expect(answer("usage_limit_reached", { until: now + 30_500 }).headers["retry-after"]).toBe("31");
    expect(answer("upstream_unreachable").headers["retry-after"]).toBe("5");
    expect(answer("rate_limit_exceeded").headers).not.toHaveProperty("retry-after");
    expect(answer("invalid_request", { until: now + 1000 }).headers).not.toHaveProperty("retry-after");
  });

  test("that lasts is not to be repeated by the client on its own", () => {
    expect(answer("usage_limit_reached", { until: now + 3_600_000 }).headers["x-should-retry"]).toBe("false");
    expect(answer("unknown_key").headers["x-should-retry"]).toBe("false");
    expect(answer("usage_limit_reached", { until: now + 5_000 }).headers).not.toHaveProperty("x-should-retry");
    expect(answer("upstream_unreachable").headers).not.toHaveProperty("x-should-retry");
  });

  test("of the request itself is told in the upstream's own words", () => {
    const upstream = (body: object) => ({
      class: "request" as const,
      answer: { status: 400, contentType: "application/json", body: Buffer.from(JSON.stringify(body)) },
    });
    const message = (body: object) => answer("invalid_request", upstream(body)).body.error.message;
    expect(message({ error: { message: "Bad item." } })).toBe("Bad item.");
    expect(message({ detail: "Bad field." })).toBe("Bad field.");
    expect(message({})).toBe("It went wrong.");
  });

  test("of a conversation that is too long says so in the words upon which Claude Code compacts it", () => {
    expect(answer("context_length_exceeded").body.error.message).toBe("prompt is too long: It went wrong.");
  });

  test("in a stream is its last event", () => {
    expect(messagesFailureEvent(failure("upstream_stream_truncated")).toString()).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"It went wrong."}}\n\n',
    );
  });
});
