import { describe, expect, test } from "vitest";
import { frameHeaders, httpMetadata, turnIdOf, upgradeHeaders } from "./frame-headers.ts";

const headersOf = (raw: readonly string[], clientMetadata: unknown = null, turnState: string | null = null) =>
  frameHeaders(upgradeHeaders(raw), { clientMetadata, turnState }).headers;

const asHttp = { "content-type": "application/json", accept: "text/event-stream" };

describe("headers of a frame", () => {
  test("are those of the upgrade without what belongs to it alone", () => {
    const upgrade = ["Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Key", "k", "Accept", "*/*"];
    expect(headersOf([...upgrade, "Originator", "codex_exec", "Thread-Id", "t"])).toEqual({
      originator: "codex_exec",
      "thread-id": "t",
      ...asHttp,
    });
  });

  test("keep the beta features that are not about WebSockets", () => {
    expect(headersOf(["openai-beta", "responses_websockets=2026-02-06"])).toEqual(asHttp);
    expect(headersOf(["openai-beta", "one=1, responses_websockets=2026-02-06"])).toEqual({
      "openai-beta": "one=1",
      ...asHttp,
    });
  });

  test("take from the frame what Codex says there of its turn", () => {
    const metadata = {
      "x-codex-turn-metadata": '{"turn_id":"2"}',
      ws_request_header_x_openai_internal_codex_responses_lite: "true",
      ws_request_header_traceparent: "00-1",
      thread_id: "no header",
    };
    const headers = frameHeaders(upgradeHeaders(["X-Codex-Turn-Metadata", "{}"]), {
      clientMetadata: metadata,
      turnState: null,
    });
    expect(headers.headers).toEqual({
      ...asHttp,
      "x-codex-turn-metadata": '{"turn_id":"2"}',
      "x-openai-internal-codex-responses-lite": "true",
      traceparent: "00-1",
    });
    expect(headers.rawHeaders.filter((name) => name === "x-codex-turn-metadata")).toHaveLength(1);
  });

  test("cannot say anew who asks", () => {
    const metadata = { ws_request_header_authorization: "Bearer x", ws_request_header_x_api_key: "x" };
    expect(headersOf(["authorization", "Bearer mine"], metadata)).toEqual({ authorization: "Bearer mine", ...asHttp });
  });

  test("hold no value that a header cannot have", () => {
    const metadata = {
      "x-codex-turn-metadata": '{"workspace":"/tmp/ü"}',
      "x-codex-window-id": "ü",
      ws_request_header_x_broken: "a\r\nb",
      "x-openai-subagent": 1,
    };
    expect(headersOf([], metadata)).toEqual({ ...asHttp, "x-codex-turn-metadata": '{"workspace":"/tmp/\\u00fc"}' });
  });

  test("have the turn state that is known, unless the frame has one", () => {
    expect(headersOf([], {}, "known")).toEqual({ ...asHttp, "x-codex-turn-state": "known" });
    expect(headersOf([], { "x-codex-turn-state": "own" }, "known")).toEqual({ ...asHttp, "x-codex-turn-state": "own" });
  });
});

describe("the client's metadata over HTTP", () => {
  test("are without what exists in frames only", () => {
    const metadata = {
      thread_id: "t",
      "x-codex-window-id": "w",
      "x-codex-turn-state": "s",
      "x-codex-ws-stream-request-start-ms": "1",
      ws_request_header_traceparent: "00-1",
    };
    expect(httpMetadata(metadata)).toBe('{"thread_id":"t","x-codex-window-id":"w"}');
    expect(httpMetadata({ "x-codex-turn-state": "s" })).toBeNull();
  });

  test("are left alone where there is nothing to take out", () => {
    expect(httpMetadata({ thread_id: "t" })).toBeUndefined();
    expect(httpMetadata(undefined)).toBeUndefined();
  });
});

test("a turn is named by the metadata of all releases", () => {
  expect(turnIdOf({ turn_id: "1" })).toBe("1");
  expect(turnIdOf({ "x-codex-turn-metadata": '{"turn_id":"2"}' })).toBe("2");
  expect(turnIdOf({ turn_id: "", "x-codex-turn-metadata": "no JSON" })).toBeNull();
  expect(turnIdOf(undefined)).toBeNull();
});
