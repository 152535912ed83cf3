import { expect, test } from "vitest";
import { chatComplaint } from "./errors.ts";

test.each([
  ["with a code", { error: { message: "no", type: "t", code: "c" } }, { code: "c", type: "t", message: "no" }],
  ["as a text", { error: "no" }, { code: null, type: null, message: "no" }],
  ["without an envelope", { message: "no", type: "t" }, { code: null, type: "t", message: "no" }],
  ["as nothing at all", null, { code: null, type: null, message: "" }],
])("an error is read %s", (_how, body, complaint) => {
  expect(chatComplaint(body)).toEqual(complaint);
});

test.each([
  ["too many requests", { code: 429, message: "no" }, "rate_limit_exceeded"],
  ["no credit", { code: 402, message: "no" }, "insufficient_quota"],
  ["an overload", { code: "503", message: "no" }, "server_is_overloaded"],
  ["any other", { code: 400, message: "no" }, "400"],
  [
    "a conversation that is too long",
    { code: 400, message: "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens." },
    "context_length_exceeded",
  ],
])("a status in place of a code is understood: %s", (_what, error, code) => {
  expect(chatComplaint({ error }).code).toBe(code);
});
