import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Provider, ProviderFormat } from "../../contract/provider.ts";
import { systemClock } from "../../kit/clock.ts";
import { provider } from "../../upstream/testing.ts";
import { createProviderTest, type TestProvider } from "./test-provider.ts";

type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void;

let server: Server;
let agent: Agent;
let origin: string;
let asked: { readonly line: string; readonly headers: IncomingMessage["headers"]; readonly body: string }[];
let answer: Answer;
let run: TestProvider;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      answer(request, body, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  agent = new Agent();
  run = createProviderTest({ clock: systemClock, userAgent: "test/1", dispatcherFor: () => agent });
});

afterEach(async () => {
  await agent.destroy();
  server.closeAllConnections();
  server.close();
});

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function stream(response: ServerResponse, events: readonly unknown[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(
    events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join(""),
  );
}

/** Lists one model, and answers what is asked like this. */
function afterList(reply: (response: ServerResponse) => void, models: readonly string[] = ["tiny"]): void {
  answer = ({ method }, _body, response) => {
    if (method === "GET") json(response, 200, { data: models.map((id) => ({ id })) });
    else reply(response);
  };
}

function trial(more: Partial<Provider> = {}, model: string | null = null) {
  const tried = { ...provider({}), baseUrl: `${origin}/v1`, ...more };
  return { provider: tried, apiKey: "sk-secret-0123456789", accountId: "a", model };
}

const chatAnswer = [
  { choices: [{ index: 0, delta: { role: "assistant", content: "ok" } }] },
  { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  { choices: [], usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } },
  "[DONE]",
];

const messagesAnswer = [
  { type: "message_start", message: { id: "m", role: "assistant", content: [], usage: { input_tokens: 9 } } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "ok" } },
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
  { type: "message_stop" },
];

const geminiAnswer = [
  {
    candidates: [{ content: { role: "model", parts: [{ text: "ok" }] }, finishReason: "STOP", index: 0 }],
    usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 2, totalTokenCount: 11 },
  },
];

const responsesAnswer = [
  {
    type: "response.completed",
    response: {
      output: [{ type: "message", content: [{ type: "output_text", text: "ok" }] }],
      usage: { input_tokens: 9, output_tokens: 2 },
    },
  },
];

describe("a provider that works", () => {
  test.each<[ProviderFormat, string, readonly unknown[]]>([
    ["chat", "POST /v1/chat/completions", chatAnswer],
    ["messages", "POST /v1/messages", messagesAnswer],
    ["gemini", "POST /v1/models/tiny:streamGenerateContent?alt=sse", geminiAnswer],
    ["responses", "POST /v1/responses", responsesAnswer],
  ])("is asked once in its format: %s", async (format, line, events) => {
    afterList((response) => stream(response, events));
    const report = await run(trial({ format }));
    expect(report).toMatchObject({
      outcome: "works",
      isReached: true,
      isKeyAccepted: true,
      model: "tiny",
      models: ["tiny"],
      answer: "ok",
      tokens: { input: 9, output: 2 },
    });
    expect(asked.map((one) => one.line)).toEqual(["GET /v1/models", line]);
    expect(asked[1]?.headers["authorization"]).toBe("Bearer sk-secret-0123456789");
  });

  test("may answer with a whole object in place of a stream", async () => {
    afterList((response) =>
      json(response, 200, {
        choices: [{ index: 0, message: { role: "assistant", content: "ok" }, finish_reason: "stop" }],
        usage: { prompt_tokens: 9, completion_tokens: 2 },
      }),
    );
    expect(await run(trial())).toMatchObject({ outcome: "works", answer: "ok", tokens: { input: 9, output: 2 } });
  });

  test("need not list its models when one is named", async () => {
    answer = ({ method }, _body, response) =>
      method === "GET" ? json(response, 404, { error: { message: "no" } }) : stream(response, chatAnswer);
    expect(await run(trial({}, "mine"))).toMatchObject({ outcome: "works", models: null, model: "mine" });
    expect(JSON.parse(asked[1]?.body ?? "")).toMatchObject({ model: "mine", max_tokens: 16 });
  });

  test("is tried with a model that writes text", async () => {
    afterList((response) => stream(response, chatAnswer), ["text-embedding-3", "whisper-1", "writer"]);
    expect((await run(trial())).model).toBe("writer");
  });

  test("is tried with its own name for a model that the user has listed", async () => {
    afterList((response) => stream(response, chatAnswer));
    const { terms } = provider({ models: ["ours*", "ours"], modelNames: { ours: "theirs" } });
    expect((await run(trial({ terms }))).model).toBe("theirs");
  });
});

describe("a provider that does not work", () => {
  test.each<[string, number, unknown, string]>([
    ["an invalid key", 401, { error: { message: "Incorrect API key", code: "invalid_api_key" } }, "key_refused"],
    ["a key without rights", 403, { error: { message: "Not for you" } }, "access_refused"],
    ["no credit", 402, { error: { message: "Insufficient Balance" } }, "no_credit"],
    ["no quota", 429, { error: { message: "Quota", code: "insufficient_quota" } }, "no_credit"],
    ["too many requests", 429, { error: { message: "Slow" } }, "rate_limited"],
    ["a model it has not got", 404, { error: { message: "No such model", code: "model_not_found" } }, "model_unknown"],
    ["a path that is not there", 404, { detail: "Not Found" }, "wrong_address"],
    ["a request it does not like", 400, { error: { message: "Unknown field" } }, "request_refused"],
    ["trouble of its own", 503, { error: { message: "Down" } }, "upstream_trouble"],
  ])("says so: %s", async (_title, status, body, outcome) => {
    afterList((response) => json(response, status, body));
    expect(await run(trial())).toMatchObject({ outcome, isReached: true });
    expect(asked).toHaveLength(2);
  });

  test("is not asked for more once its list has refused the key", async () => {
    answer = (_request, _body, response) => json(response, 401, { error: { message: "Bad key" } });
    expect(await run(trial())).toMatchObject({ outcome: "key_refused", isKeyAccepted: false, detail: "Bad key" });
    expect(asked).toHaveLength(1);
  });

  test("cannot be reached", async () => {
    const report = await run(trial({ baseUrl: "http://127.0.0.1:1/v1" }));
    expect(report).toMatchObject({ outcome: "unreachable", isReached: false, detail: "ECONNREFUSED" });
  });

  test("is a web page", async () => {
    answer = (_request, _body, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>");
    expect(await run(trial({}, "any"))).toMatchObject({ outcome: "wrong_address", isReached: true });
  });

  test("answers in another format", async () => {
    afterList((response) => stream(response, [{ hello: "world" }]));
    expect(await run(trial({ format: "messages" }))).toMatchObject({ outcome: "unreadable" });
  });

  test("fails inside its stream", async () => {
    afterList((response) =>
      stream(response, [
        { type: "response.failed", response: { error: { code: "insufficient_quota", message: "Empty" } } },
      ]),
    );
    expect(await run(trial({ format: "responses" }))).toMatchObject({ outcome: "no_credit", detail: "Empty" });
  });

  test("lists no model to try", async () => {
    answer = (_request, _body, response) => json(response, 200, {});
    expect(await run(trial())).toMatchObject({ outcome: "no_model", isReached: true, model: null });
    expect(asked).toHaveLength(1);
  });
});

test("the report tells no key that a server repeats", async () => {
  afterList((response) => json(response, 400, { error: { message: "Wrong: Bearer sk-secret-0123456789" } }));
  expect(JSON.stringify(await run(trial()))).not.toContain("secret");
});
