import { describe, expect, test } from "vitest";
import { observeAnswer, observeEvent, observeSilence } from "./observe.ts";

const now = Date.UTC(2026, 10, 20, 12);
const seconds = now / 1000;

function answer(body: unknown, { status = 400, contentType = "application/json", headers = {} } = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return observeAnswer({ status, contentType, body: Buffer.from(text) }, headers, { now });
}

const event = (payload: unknown) =>
  observeEvent(Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload)), now);

describe("a refusal", () => {
  const told = { code: "c", type: "t", message: "m" };

  test.each([
    ["an error object", { error: told }, told],
    ["an error text", { error: "m" }, { code: null, type: null, message: "m" }],
    ["a detail text", { detail: "m" }, { code: null, type: null, message: "m" }],
    [
      "a detail object",
      { detail: { code: "deactivated_workspace" } },
      { code: "deactivated_workspace", type: null, message: "" },
    ],
    ["a null error beside a detail", { error: null, detail: "m" }, { code: null, type: null, message: "m" }],
    ["the fields themselves", told, told],
    ["a list of details", { detail: [{ msg: "field required" }] }, { code: null, type: null, message: "" }],
    ["fields of other kinds", { error: { code: 7, type: null, message: {} } }, { code: null, type: null, message: "" }],
    ["a list", [told], { code: null, type: null, message: "" }],
    ["no JSON", "Bad Gateway", { code: null, type: null, message: "" }],
    ["nothing", "", { code: null, type: null, message: "" }],
  ])("is read from %s", (_form, body, expected) => {
    const seen = { phase: "answer", status: 400, isHtml: false, retryAfterMs: null, resetsAt: null };
    expect(answer(body)).toEqual({ ...seen, ...expected });
  });

  test("as a page is a page, whatever it says", () => {
    const page = answer('{"error":{"code":"c"}}', { status: 403, contentType: "text/html; charset=UTF-8" });
    expect(page).toMatchObject({ isHtml: true, code: null, message: "" });
    expect(answer({ error: told }, { headers: { "cf-mitigated": "challenge" } })).toMatchObject({
      isHtml: true,
      code: null,
    });
  });

  test("keeps its message whole, since classification compares it", () => {
    expect(answer({ detail: "x".repeat(10_000) }).message).toHaveLength(10_000);
  });
});

describe("the end of a limit", () => {
  const resetOf = (error: object) =>
    answer({ error: { type: "usage_limit_reached", ...error } }, { status: 429 }).resetsAt;

  test.each([
    ["resets_at", { resets_at: seconds + 60 }, now + 60_000],
    ["resets_in_seconds", { resets_in_seconds: 90 }, now + 90_000],
    ["resets_at before resets_in_seconds", { resets_at: seconds + 60, resets_in_seconds: 90 }, now + 60_000],
    ["resets_in_seconds when resets_at is past", { resets_at: seconds - 1, resets_in_seconds: 90 }, now + 90_000],
    ["resets_in_seconds when resets_at is absurd", { resets_at: now, resets_in_seconds: 90 }, now + 90_000],
    ["nothing that is past, absurd or no number", { resets_at: "soon", resets_in_seconds: -1 }, null],
    ["nothing", {}, null],
  ])("is read from %s", (_what, error, expected) => expect(resetOf(error)).toBe(expected));

  test.each([
    ["seconds", "30", 30_000],
    ["fractions of a second", "0.5", 500],
    ["a date", new Date(now + 5000).toUTCString(), 5000],
    ["a date that is past", new Date(now - 5000).toUTCString(), 0],
    ["anything else", "later", null],
  ])("is read from a Retry-After in %s", (_form, value, expected) => {
    expect(answer({}, { status: 429, headers: { "retry-after": value } }).retryAfterMs).toBe(expected);
  });
});

describe("a failure inside a stream", () => {
  const error = { code: "usage_limit_reached", type: "t", message: "m", resets_in_seconds: 60 };

  test.each([
    ["in the response", { type: "response.failed", response: { error } }],
    ["beside it", { type: "error", error }],
  ])("is read %s", (_place, payload) => {
    expect(event(payload)).toMatchObject({
      phase: "stream",
      status: 200,
      code: "usage_limit_reached",
      type: "t",
      message: "m",
      resetsAt: now + 60_000,
    });
  });

  test("in the flat form has the event's type, not one of its own", () => {
    expect(event({ type: "error", code: "slow_down", message: "m" })).toMatchObject({
      code: "slow_down",
      type: null,
      message: "m",
    });
  });

  test("that cannot be read says nothing", () => {
    for (const payload of ["", "[DONE]", "[]", "null"])
      expect(event(payload)).toMatchObject({ code: null, type: null, message: "" });
  });
});

test("silence has no status", () => {
  expect(observeSilence("connect", "ECONNREFUSED")).toMatchObject({
    phase: "connect",
    status: null,
    message: "ECONNREFUSED",
  });
  expect(observeSilence("wait")).toMatchObject({ phase: "wait", status: null, message: "" });
});
