import { describe, expect, test } from "vitest";
import { chatgptHeaders, type HeaderRequest } from "./headers.ts";

const policy = { userAgent: "codexmanager/1.0", originator: "codexmanager", cookie: null, isNoCookieMode: false };

function headers(raw: Readonly<Record<string, string>> | readonly string[], more: Partial<HeaderRequest> = {}) {
  const rawHeaders = Array.isArray(raw) ? (raw as readonly string[]) : Object.entries(raw).flat();
  const made = chatgptHeaders({
    rawHeaders,
    isNative: true,
    accessToken: "token",
    chatgptAccountId: "acc",
    sessionId: "session",
    keepsTurnState: true,
    policy,
    ...more,
  });
  return Object.fromEntries(
    Array.from({ length: made.length / 2 }, (_, index) => made.slice(index * 2, index * 2 + 2)) as Array<
      [string, string]
    >,
  );
}

const own = { authorization: "Bearer token", "chatgpt-account-id": "acc" };

/** As Codex 0.169 sends them. */
const codex = {
  originator: "codex_exec",
  "user-agent": "codex_exec/0.169.0 (Linux; x86_64)",
  "session-id": "s",
  "thread-id": "t",
  "x-client-request-id": "t",
  "x-codex-window-id": "t:1",
  "x-codex-turn-metadata": '{"turn_id":"1"}',
  "x-codex-beta-features": "remote_compaction_v2",
  "x-openai-internal-codex-responses-lite": "true",
  "x-codex-turn-state": "ts-1",
  version: "0.169.0",
  accept: "text/event-stream",
  "content-type": "application/json",
  "content-encoding": "zstd",
  "X-Header-Of-Tomorrow": "as it is",
};

describe("a native client", () => {
  test("keeps every header of its own, in its own spelling", () =>
    expect(headers(codex)).toEqual({ ...codex, ...own }));

  test.each([
    "Authorization",
    "X-Api-Key",
    "api-key",
    "x-goog-api-key",
    "Cookie",
    "Proxy-Authorization",
    "ChatGPT-Account-Id",
    "Host",
    "Content-Length",
    "Connection",
    "Keep-Alive",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Expect",
    "Accept-Encoding",
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Real-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "Sec-Fetch-Site",
    "Origin",
    "Referer",
    "X-CodexManager-Key",
  ])("does not hand on %s", (name) => expect(headers({ [name]: "secret" })).toEqual(own));

  test("does not hand on what Connection declares to be between it and us, in any of its headers", () => {
    expect(
      headers([
        "Connection",
        "keep-alive",
        "X-Hop",
        "1",
        "connection",
        "X-Hop , x-other",
        "X-Other",
        "2",
        "X-End",
        "3",
      ]),
    ).toEqual({
      "X-End": "3",
      ...own,
    });
  });

  test("leaves its turn state behind when the account changes", () => {
    const { "x-codex-turn-state": _state, ...kept } = codex;
    expect(headers(codex, { keepsTurnState: false })).toEqual({ ...kept, ...own });
  });
});

describe("any other client", () => {
  const foreign = { isNative: false };

  test("goes under the gateway's name, and nothing is invented or handed on", () => {
    const sdk = {
      "user-agent": "OpenAI/JS 7.55",
      originator: "x",
      "x-stainless-os": "Linux",
      "openai-organization": "o",
      version: "1",
    };
    expect(headers(sdk, foreign)).toEqual({
      "content-type": "application/json",
      accept: "text/event-stream",
      "user-agent": "codexmanager/1.0",
      originator: "codexmanager",
      "session-id": "session",
      ...own,
    });
  });

  test("has no session when nothing tells conversations apart", () => {
    expect(headers({}, { ...foreign, sessionId: null })).not.toHaveProperty("session-id");
  });
});

describe("the account", () => {
  test("is named only when the login has a workspace", () => {
    expect(headers({}, { chatgptAccountId: null })).toEqual({ authorization: "Bearer token" });
  });

  test("gets the cookie that was set for the upstream", () => {
    expect(headers({ cookie: "client=1" }, { policy: { ...policy, cookie: "set=1" } })).toEqual({
      ...own,
      cookie: "set=1",
    });
  });

  test("is not named in the original's no-cookie mode, nor are beta, conversation and turn state; a cookie that is set stays", () => {
    const sent = headers(
      { ...codex, "OpenAI-Beta": "responses=experimental", conversation_id: "c" },
      { policy: { ...policy, isNoCookieMode: true, cookie: "set=1" } },
    );
    const { "x-codex-turn-state": _state, ...kept } = codex;
    expect(sent).toEqual({ ...kept, authorization: "Bearer token", cookie: "set=1" });
  });
});
