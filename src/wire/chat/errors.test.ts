import { describe, expect, test } from "vitest";
import type { Failure, FailureCode } from "../../contract/failure.ts";
import { responses } from "../responses/index.ts";
import { chat } from "./index.ts";

const now = Date.UTC(2026, 10, 20, 12);
const context = { traceId: "trc_1", now };
const failure = (code: FailureCode, more: Partial<Failure> = {}): Failure => {
  return { code, class: "gateway", scope: "request", retry: "never", message: "What was wrong.", ...more };
};
const errorOf = (body: Buffer) => (JSON.parse(body.toString()) as { error: unknown }).error;

describe("a failure", () => {
  test.each<FailureCode>(["usage_limit_reached", "no_account_available", "missing_key", "upstream_unreachable"])(
    "%s is told in the words of the OpenAI API, as in its other format",
    (code) => {
      const told = failure(code, { until: now + 5000 });
      expect(chat.failureAnswer(told, context)).toEqual(responses.failureAnswer(told, context));
    },
  );

  test("names the field that is at fault", () => {
    const { status, body } = chat.failureAnswer(failure("invalid_request", { param: "messages[0].role" }), context);
    expect(status).toBe(400);
    expect(errorOf(body)).toEqual({
      message: "What was wrong.",
      type: "invalid_request_error",
      code: "invalid_request",
      param: "messages[0].role",
    });
  });

  test("in a stream is the error in place of a chunk, and the end without any finish", () => {
    const text = chat.failureEvent(failure("server_is_overloaded", { message: 'It said "no".\nReally.' })).toString();
    const [event = "", end, nothing] = text.split("\n\n");
    expect(JSON.parse(event.slice("data: ".length))).toEqual({
      error: { message: 'It said "no".\nReally.', type: "server_error", code: "server_is_overloaded", param: null },
    });
    expect([end, nothing]).toEqual(["data: [DONE]", ""]);
  });
});

describe("a fault of the request that an upstream told", () => {
  const told = (body: object, status = 400) => {
    const answer = { status, contentType: "application/json; charset=utf-8", body: Buffer.from(JSON.stringify(body)) };
    return chat.failureAnswer(failure("invalid_request", { class: "request", answer }), context);
  };

  test("keeps the upstream's words", () => {
    const error = {
      message: "Bad schema.",
      type: "invalid_request_error",
      code: "invalid_json_schema",
      param: "text.format",
    };
    expect(errorOf(told({ error }).body)).toEqual(error);
  });

  test("gets the form that these clients read where it has another", () => {
    const { status, headers, body } = told({ detail: "Unsupported parameter: foo" }, 422);
    expect(status).toBe(422);
    expect(headers).toEqual({ "content-type": "application/json", "x-codexmanager-trace-id": "trc_1" });
    expect(errorOf(body)).toMatchObject({ message: "What was wrong.", type: "invalid_request_error" });
  });
});

describe("the API before this one", () => {
  test.each(["/v1/completions", "/completions"])("at %s is refused with what to use instead", (path) => {
    const result = chat.translate?.(Buffer.from('{"prompt":"Once"}'), { path, query: "" });
    expect(result).toMatchObject({ ok: false, fault: { code: "not_found" } });
    expect(JSON.stringify(result)).toContain("/v1/chat/completions");
  });
});

test.each(["", "{", "[]", "null", '"a"'])("the body %j is refused", (text) => {
  const target = { path: "/v1/chat/completions", query: "" };
  expect(chat.translate?.(Buffer.from(text), target)).toMatchObject({ ok: false, fault: { code: "invalid_request" } });
});

test("a heartbeat is a comment, which every reader skips", () => {
  expect(chat.heartbeat(false)?.toString()).toMatch(/^: .*\n\n$/);
});
