import { describe, expect, test } from "vitest";
import type { Failure, FailureCode } from "../../contract/failure.ts";
import { geminiFailureAnswer, geminiFailureEvent } from "./errors.ts";

const NOW = 1_795_779_517_000;
const failure = (code: FailureCode, more: Partial<Failure> = {}): Failure => ({
  code,
  class: "gateway",
  scope: "request",
  retry: "never",
  message: "What happened.",
  ...more,
});

function answer(code: FailureCode, more?: Partial<Failure>) {
  const { status, headers, body } = geminiFailureAnswer(failure(code, more), { traceId: "trc_1", now: NOW });
  const { error } = JSON.parse(body.toString()) as { error: Record<string, unknown> };
  return { status, headers, error };
}

describe("a failure", () => {
  test.each([
    ["invalid_request", 400, "INVALID_ARGUMENT"],
    ["no_account_available", 400, "FAILED_PRECONDITION"],
    ["unknown_key", 401, "UNAUTHENTICATED"],
    ["key_disabled", 403, "PERMISSION_DENIED"],
    ["model_not_supported", 404, "NOT_FOUND"],
    ["usage_limit_reached", 429, "RESOURCE_EXHAUSTED"],
    ["rate_limit_exceeded", 429, "RESOURCE_EXHAUSTED"],
    ["internal_error", 500, "INTERNAL"],
    ["upstream_unreachable", 503, "UNAVAILABLE"],
    ["upstream_timeout", 504, "DEADLINE_EXCEEDED"],
  ] as const)("%s is %i %s", (code, status, word) => {
    expect(answer(code)).toMatchObject({ status, error: { code: status, status: word, message: "What happened." } });
  });

  test("of a used-up pool is a long wait, upon which clients show our words and end", () => {
    const { headers, error } = answer("usage_limit_reached", { until: NOW + 7_200_000 });
    expect(headers["retry-after"]).toBe("7200");
    expect(error["details"]).toEqual([{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "7200s" }]);
  });

  test.each([undefined, NOW + 60_000])(
    "of a pool used up until %s is that of a quota of the day, which ends them, too",
    (until) => {
      const [first] = answer("usage_limit_reached", { until }).error["details"] as object[];
      expect(first).toEqual({
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        violations: [expect.objectContaining({ quotaId: expect.stringContaining("PerDay") as string })],
      });
    },
  );

  test("that passes soon only tells when", () => {
    expect(answer("rate_limit_exceeded", { until: NOW + 2500 }).error["details"]).toEqual([
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "3s" },
    ]);
    expect(answer("rate_limit_exceeded").error).not.toHaveProperty("details");
  });

  test("of the request names the field", () => {
    expect(answer("invalid_request", { param: "contents[0]" }).error["details"]).toMatchObject([
      { fieldViolations: [{ field: "contents[0]", description: "What happened." }] },
    ]);
  });

  test.each(['{"error":{"message":"Too long."}}', '{"detail":"Too long."}', '{"detail":{"message":"Too long."}}'])(
    "of the request is told in the words of the upstream: %s",
    (body) => {
      const own = { status: 400, contentType: "application/json", body: Buffer.from(body) };
      expect(answer("invalid_request", { class: "request", answer: own }).error["message"]).toBe("Too long.");
    },
  );

  test("in the middle of a stream stands alone on its line, without a time", () => {
    const text = geminiFailureEvent(failure("upstream_stream_truncated", { message: "a\u2028b" })).toString();
    expect(text).toMatch(/^\{"error":.*\}\n\n$/);
    expect(JSON.parse(text)).toEqual({ error: { code: 503, message: "a\u2028b", status: "UNAVAILABLE" } });
  });
});
