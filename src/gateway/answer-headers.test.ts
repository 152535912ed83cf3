import { describe, expect, test } from "vitest";
import { type AnswerContext, answerHeaders } from "./answer-headers.ts";

const context: AnswerContext = { model: "gpt-x", traceId: "trc_1", modelsEtag: '"ours"', isEventStream: true };
const own = { "x-codexmanager-trace-id": "trc_1" };

const through = (headers: Record<string, string | string[] | undefined>, more: Partial<AnswerContext> = {}) => {
  return answerHeaders(headers, { ...context, ...more });
};

describe("of an upstream's headers a client gets", () => {
  test("limits, ids, turn state and everything else that is for it", () => {
    const headers = {
      "content-type": "text/event-stream",
      "x-codex-primary-used-percent": "37.5",
      "x-codex-turn-state": "ts-1",
      "x-request-id": "req_1",
      "x-reasoning-included": "true",
      "x-header-of-tomorrow": ["a", "b"],
    };
    expect(through({ ...headers, absent: undefined })).toEqual({ ...headers, ...own });
  });

  test.each([
    "connection",
    "keep-alive",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "set-cookie",
    "alt-svc",
    "server",
    "openai-organization",
  ])("not %s", (name) => expect(through({ [name]: "x" })).toEqual(own));

  test("the model's name only when it is the one it asked for", () => {
    expect(through({ "openai-model": "gpt-x" })).toHaveProperty("openai-model", "gpt-x");
    expect(through({ "openai-model": "gpt-y", "x-openai-model": "gpt-y" })).toEqual(own);
    expect(through({ "openai-model": "gpt-x" }, { model: null })).toEqual(own);
  });

  test("the etag of our own catalogue, and none before there is one", () => {
    expect(through({ "x-models-etag": '"theirs"' })).toHaveProperty("x-models-etag", '"ours"');
    expect(through({ "x-models-etag": '"theirs"' }, { modelsEtag: null })).toEqual(own);
    expect(through({})).toEqual(own);
  });

  test("the length of what is no stream", () => {
    expect(through({ "content-length": "7" })).toEqual(own);
    expect(through({ "content-length": "7" }, { isEventStream: false })).toEqual({ "content-length": "7", ...own });
  });
});
