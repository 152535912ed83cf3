import { describe, expect, test } from "vitest";
import type { Failure, FailureCode } from "../../contract/failure.ts";
import { eventKind, eventPayload, readTerminal } from "./events.ts";
import { responses } from "./index.ts";

const now = Date.UTC(2026, 10, 20, 12);
const context = { traceId: "trc_1", now };

const failure = (code: FailureCode, more: Partial<Failure> = {}): Failure => {
  return { code, class: "gateway", scope: "request", retry: "never", message: "What was wrong.", ...more };
};

function answer(told: Failure) {
  const { status, headers, body } = responses.failureAnswer(told, context);
  return { status, headers, error: (JSON.parse(body.toString()) as { error: Record<string, unknown> }).error };
}

/** Status, type, and the wait in seconds that is named when nothing better is known. */
const looks: Readonly<Record<FailureCode, readonly [status: number, type: string, wait?: string]>> = {
  invalid_request: [400, "invalid_request_error"],
  context_length_exceeded: [400, "invalid_request_error"],
  request_too_large: [413, "invalid_request_error"],
  invalid_encrypted_content: [400, "invalid_request_error"],
  previous_response_not_found: [400, "invalid_request_error"],
  content_policy: [400, "invalid_request_error"],
  model_not_supported: [400, "invalid_request_error"],
  no_account_available: [400, "invalid_request_error"],
  token_expired: [400, "invalid_request_error"],
  token_invalidated: [400, "invalid_request_error"],
  sign_in_required: [400, "invalid_request_error"],
  account_deactivated: [400, "invalid_request_error"],
  workspace_denied: [400, "invalid_request_error"],
  access_denied: [400, "invalid_request_error"],
  usage_limit_reached: [429, "usage_limit_reached"],
  insufficient_quota: [429, "insufficient_quota"],
  usage_not_included: [429, "usage_not_included"],
  rate_limit_exceeded: [429, "rate_limit_exceeded"],
  server_is_overloaded: [503, "server_error", "5"],
  upstream_error: [503, "server_error", "5"],
  upstream_challenge: [503, "server_error", "5"],
  upstream_unreachable: [503, "server_error", "5"],
  upstream_timeout: [503, "server_error", "5"],
  upstream_stream_truncated: [502, "server_error", "5"],
  missing_key: [401, "authentication_error"],
  unknown_key: [401, "authentication_error"],
  key_disabled: [403, "permission_error"],
  login_instead_of_key: [403, "permission_error"],
  not_found: [404, "invalid_request_error"],
  method_not_allowed: [405, "invalid_request_error"],
  unsupported_encoding: [415, "invalid_request_error"],
  client_closed: [499, "invalid_request_error"],
  shutting_down: [503, "server_error", "5"],
  internal_error: [500, "server_error"],
};
const codes = Object.keys(looks) as FailureCode[];

test.each(codes)("%s looks as clients need it", (code) => {
  const [status, type, wait] = looks[code];
  const told = answer(failure(code));
  expect(told.status).toBe(status);
  expect(told.error).toEqual({ message: "What was wrong.", type, code, param: null });
  expect(told.headers).toEqual({
    "content-type": "application/json",
    "x-codexmanager-trace-id": "trc_1",
    ...(wait === undefined ? {} : { "retry-after": wait }),
  });
});

test("only a missing or unknown platform key is answered with 401, whatever an account's trouble", () => {
  expect(codes.filter((code) => answer(failure(code)).status === 401)).toEqual(["missing_key", "unknown_key"]);
});

describe("the time to come back", () => {
  test("of a used-up window is told in the header and in the body, in whole seconds, never too early", () => {
    const { headers, error } = answer(failure("usage_limit_reached", { until: now + 90_400 }));
    expect(headers["retry-after"]).toBe("91");
    expect(error).toMatchObject({ resets_at: Math.ceil((now + 90_400) / 1000), resets_in_seconds: 91 });
  });

  test("of a cool-down or an open circuit is told in the header", () => {
    for (const code of ["rate_limit_exceeded", "upstream_unreachable"] as const) {
      const { headers, error } = answer(failure(code, { until: now + 2500 }));
      expect(headers["retry-after"]).toBe("3");
      expect(error).not.toHaveProperty("resets_at");
    }
  });

  test("is a second when it has already come", () => {
    expect(answer(failure("rate_limit_exceeded", { until: now - 5000 })).headers["retry-after"]).toBe("1");
  });

  test("is no matter of the request's own faults", () => {
    expect(answer(failure("invalid_request", { until: now + 5000 })).headers).not.toHaveProperty("retry-after");
  });
});

describe("an upstream's own answer", () => {
  const body = Buffer.from('{"detail":"Input must be a list"}');
  const upstream = (status: number) => ({ status, contentType: "application/json; charset=utf-8", body });

  test.each([400, 404, 413, 422])("about the request is handed on with its status %i", (status) => {
    const told = responses.failureAnswer(
      failure("invalid_request", { class: "request", answer: upstream(status) }),
      context,
    );
    expect(told).toEqual({
      status,
      headers: { "content-type": "application/json; charset=utf-8", "x-codexmanager-trace-id": "trc_1" },
      body,
    });
  });

  test.each([200, 304, 401, 500, 502])(
    "about the request keeps its words but not the status %i, which clients would misread",
    (status) => {
      const told = responses.failureAnswer(
        failure("context_length_exceeded", { class: "request", answer: upstream(status) }),
        context,
      );
      expect(told).toMatchObject({ status: 400, body });
    },
  );

  test("about an account is nothing for the client", () => {
    const told = answer(failure("token_invalidated", { class: "credential", answer: upstream(401) }));
    expect(told).toMatchObject({ status: 400, error: { code: "token_invalidated" } });
  });
});

test("in a stream a failure is response.failed, with code and message", () => {
  const event = responses.failureEvent(failure("upstream_stream_truncated", { message: 'It said "no".\nReally.' }));
  expect(eventKind(event, 0, event.length)).toBe("failed");
  const { error } = readTerminal(eventPayload(event, 0, event.length));
  expect(error).toEqual({ code: "upstream_stream_truncated", type: null, message: 'It said "no".\nReally.' });
  expect(event.toString()).toMatch(/\n\n$/);
});

test("a heartbeat is an event for Codex, whose clock comments do not reset, and a comment for everyone else", () => {
  const native = responses.heartbeat(true) ?? Buffer.alloc(0);
  expect(eventKind(native, 0, native.length)).toBe("silent");
  expect(native.toString()).toBe('event: keepalive\ndata: {"type":"keepalive"}\n\n');
  expect(responses.heartbeat(false)?.toString()).toMatch(/^: .*\n\n$/);
});
