import { expect, test } from "vitest";
import { failureOfEvent } from "./event-failure.ts";

const response = (fields: object) => ({ response: fields });

test.each([
  ["response.failed", response({ error: { code: "rate_limit_exceeded", message: "slow" } }), "rate_limit_exceeded"],
  ["response.failed", response({ error: { code: "server_error", message: "no" } }), "upstream_error"],
  ["error", { error: { code: "server_is_overloaded", message: "busy" } }, "server_is_overloaded"],
  ["error", { code: "context_length_exceeded", message: "long" }, "context_length_exceeded"],
  ["response.completed", response({ status: "cancelled" }), "upstream_error"],
  [
    "response.done",
    response({ status: "failed", error: { code: "insufficient_quota", message: "" } }),
    "insufficient_quota",
  ],
  ["response.incomplete", response({ incomplete_details: { reason: "usage_limit_reached" } }), "usage_limit_reached"],
  ["response.incomplete", response({ incomplete_details: { reason: "max_output_tokens" } }), null],
  ["response.incomplete", response({}), null],
  ["response.completed", response({ status: "completed" }), null],
  ["response.output_text.delta", { delta: "error" }, null],
])("%s with %j tells of %s", (type, fields, code) => {
  expect(failureOfEvent({ type, ...fields })?.code ?? null).toBe(code);
});
