// What a client gets when API keys of other vendors serve.

import { describe, expect, test } from "vitest";
import { provider } from "../../src/upstream/testing.ts";
import { recorded, startScriptedProvider, stream } from "./scripted-provider.ts";
import { sendTurn, turnBody, userMessage } from "./turn.ts";
import {
  chat,
  chatText,
  CLAUDE,
  DEEPSEEK,
  GEMINI,
  gemini,
  lastPath,
  messages,
  opened,
  REASONED,
  vendor,
} from "./vendor.ts";

describe("a provider of another format", () => {
  test("is asked in its own words, with its key, and answers the client in the client's", async () => {
    const { upstream, gateway } = await vendor(recorded("chat", "reasoned-text"), DEEPSEEK);
    const end = await sendTurn(gateway.url, messages("deepseek-reasoner", { system: "Be brief." }));
    expect(end.status).toBe(200);
    const answer = JSON.parse(end.text) as { content: { type: string; text?: string }[] };
    expect(answer.content.at(-1)).toMatchObject({ type: "text", text: REASONED });
    const [call] = upstream.calls;
    expect(call?.path).toBe("/v1/chat/completions");
    expect(call?.headers).toMatchObject({ authorization: "Bearer sk-vendor", "user-agent": "codexmanager/0.0.0" });
    expect(call?.body).toMatchObject({
      model: "deepseek-reasoner",
      stream: true,
      messages: [{ content: "Be brief." }, {}],
    });
    expect(await gateway.row(1)).toMatchObject({
      accountId: "vendor",
      statusCode: 200,
      upstreamModel: "deepseek-reasoner",
    });
    expect(gateway.rows[0]).toMatchObject({ upstreamUrl: `${upstream.url}/v1/chat/completions` });
    expect(gateway.rows[0]?.totalTokens).toBeGreaterThan(0);
  });

  test("serves Codex, whose turns end as it expects", async () => {
    const { upstream, gateway } = await vendor(recorded("messages", "thinking-and-calls"), CLAUDE);
    const end = await sendTurn(gateway.url, { body: turnBody("look", { model: "claude-opus-4-6" }) });
    expect(end).toMatchObject({ status: 200, isComplete: true });
    expect(end.headers["content-type"]).toContain("text/event-stream");
    expect(upstream.calls[0]?.headers).toMatchObject({ "x-api-key": "sk-vendor", "anthropic-version": "2023-06-01" });
    expect(upstream.calls[0]?.body).toMatchObject({ model: "claude-opus-4-6", stream: true });
  });

  test("that answers whole where a stream was asked for is read all the same", async () => {
    const whole = {
      id: "chatcmpl-1",
      object: "chat.completion",
      model: "deepseek-reasoner",
      choices: [{ index: 0, message: { role: "assistant", content: REASONED }, finish_reason: "stop" }],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    };
    const { gateway } = await vendor({ body: whole }, DEEPSEEK);
    const end = await sendTurn(gateway.url, { body: turnBody("hi", { model: "deepseek-reasoner" }) });
    expect(end).toMatchObject({ status: 200, isComplete: true });
    expect(end.text).toContain(REASONED);
    expect(await gateway.row(1)).toMatchObject({ totalTokens: 7 });
  });

  test("is asked for its own name of a model, and the client hears the name it knows", async () => {
    const names = { models: [], modelNames: { "my-model": "deepseek-reasoner" } };
    const { upstream, gateway } = await vendor(recorded("chat", "reasoned-text"), { ...DEEPSEEK, ...names });
    const end = await sendTurn(gateway.url, messages("my-model"));
    expect(JSON.parse(end.text)).toMatchObject({ model: "my-model" });
    expect(upstream.calls[0]?.body).toMatchObject({ model: "deepseek-reasoner" });
  });

  test("that has the user's own headers gets them over all others", async () => {
    const secrets = { headers: { "User-Agent": "mine/1", "X-Team": "blue" }, proxyUrl: null };
    const { upstream, gateway } = await vendor(recorded("chat", "reasoned-text"), { ...DEEPSEEK, secrets });
    await sendTurn(gateway.url, chat("deepseek-reasoner"));
    expect(upstream.calls[0]?.headers).toMatchObject({ "user-agent": "mine/1", "x-team": "blue" });
  });
});

describe("a provider of the client's own format", () => {
  test("is sent the request as it is, and its bytes are handed on", async () => {
    const answer = recorded("chat", "reasoned-text");
    const { upstream, gateway } = await vendor(answer, DEEPSEEK);
    const more = { stream: true, stream_options: { include_usage: true }, some_new_field: { kept: true } };
    const end = await sendTurn(gateway.url, chat("deepseek-reasoner", more));
    expect(end.text).toBe(answer.body);
    expect(upstream.calls[0]?.body).toMatchObject({ some_new_field: { kept: true }, stream: true });
    expect(await gateway.row(1)).toMatchObject({ statusCode: 200, accountId: "vendor" });
    expect(gateway.rows[0]?.outputTokens).toBeGreaterThan(0);
  });

  test("is asked for the usage of a stream, of which a client that has not asked hears nothing", async () => {
    const usage = JSON.stringify({
      object: "chat.completion.chunk",
      choices: [],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
    const said = JSON.stringify({ choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: "stop" }] });
    const answer = stream([said, usage, "[DONE]"]);
    const { upstream, gateway } = await vendor(answer, DEEPSEEK);
    const end = await sendTurn(gateway.url, chat("deepseek-reasoner", { stream: true }));
    expect(upstream.calls[0]?.body).toMatchObject({ stream_options: { include_usage: true } });
    expect(end.text).toBe(`data: ${said}\n\ndata: [DONE]\n\n`);
    expect(await gateway.row(1)).toMatchObject({ totalTokens: 3 });
  });

  test("answers whole when it was asked so", async () => {
    const whole = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-opus-4-6",
      content: [{ type: "text", text: REASONED }],
      stop_reason: "end_turn",
      usage: { input_tokens: 5, output_tokens: 6 },
    };
    const { upstream, gateway } = await vendor({ body: whole }, CLAUDE);
    const beta = { "anthropic-beta": "context-1m-2025-08-07" };
    const end = await sendTurn(gateway.url, { ...messages("claude-opus-4-6"), headers: beta });
    expect(JSON.parse(end.text)).toEqual(whole);
    expect(upstream.calls[0]?.headers).toMatchObject(beta);
    expect(await gateway.row(1)).toMatchObject({ inputTokens: 5, outputTokens: 6 });
  });

  test.each([
    ["streamGenerateContent", "/v1beta/models/gemini-3.1-pro:streamGenerateContent?alt=sse"],
    ["generateContent", "/v1beta/models/gemini-3.1-pro:generateContent"],
  ])("is called by %s where the client does so", async (call, path) => {
    const { upstream, gateway } = await vendor(recorded("gemini", "thinking-and-calls"), GEMINI);
    await sendTurn(gateway.url, gemini("gemini-3.1-pro", call));
    expect(lastPath(upstream)).toBe(path);
    expect(upstream.calls[0]?.headers).toMatchObject({ "x-goog-api-key": "sk-vendor" });
  });

  test("gets Codex's own body, byte for byte but for the model's name", async () => {
    const events = [
      { type: "response.created", response: { id: "r" } },
      { type: "response.completed", response: { id: "r", status: "completed", output: [], usage: null } },
    ];
    const answer = stream(
      events.map((event) => JSON.stringify(event)),
      true,
    );
    const names = { modelNames: { "gpt-5.5": "openai/gpt-5.5" } };
    const { upstream, gateway } = await vendor(answer, { format: "responses", ...names });
    const end = await sendTurn(gateway.url);
    expect(end).toMatchObject({ status: 200, isComplete: true });
    expect(lastPath(upstream)).toBe("/v1/responses");
    expect(upstream.calls[0]?.body).toEqual(turnBody("hello", { model: "openai/gpt-5.5" }));
  });
});

describe("what a provider refuses", () => {
  const refusals = [
    [
      "a rate limit",
      {
        status: 429,
        headers: { "retry-after": "7" },
        body: { error: { message: "slow down", type: "rate_limit_error" } },
      },
      429,
    ],
    [
      "a used-up balance",
      { status: 402, body: { error: { message: "Insufficient Balance", code: "insufficient_quota" } } },
      429,
    ],
    ["a server in trouble", { status: 500, body: { error: { message: "oops" } } }, 500],
  ] as const;

  test.each(refusals)("%s goes on to the next account", async (_, answer) => {
    const spare = await startScriptedProvider(recorded("chat", "reasoned-text"));
    opened.push(spare);
    const second = provider({ id: "prv_2", name: "spare", baseUrl: spare.url, ...DEEPSEEK, sort: 2 });
    const { gateway } = await vendor(answer, DEEPSEEK, { providers: [second] });
    const end = await sendTurn(gateway.url, chat("deepseek-reasoner"));
    expect(chatText(end.text)).toMatchObject({ content: REASONED });
    const row = await gateway.row(1);
    expect(row).toMatchObject({ accountId: "spare", firstAccountId: "vendor" });
  });

  test("in its own words is told to the client in the client's", async () => {
    const error = { type: "error", error: { type: "invalid_request_error", message: "max_tokens: too many" } };
    const { gateway } = await vendor({ status: 400, body: error }, CLAUDE);
    const end = await sendTurn(gateway.url, chat("claude-opus-4-6"));
    expect(end.status).toBe(400);
    expect(end.error).toMatchObject({ message: "max_tokens: too many", type: "invalid_request_error" });
  });

  test("a key that is not accepted is told as such, and no other account suffers", async () => {
    const { gateway } = await vendor(
      { status: 401, body: { error: { message: "bad key", code: "invalid_api_key" } } },
      DEEPSEEK,
    );
    const end = await sendTurn(gateway.url, chat("deepseek-reasoner"));
    expect(end.status).toBeLessThan(500);
    expect(end.status).not.toBe(401);
    expect(end.text).not.toContain("sk-vendor");
  });

  test("what its format cannot express is told by the field's name, unless another account can be asked", async () => {
    const { gateway, upstream } = await vendor(recorded("chat", "reasoned-text"), {
      ...DEEPSEEK,
      models: ["gpt-5.5"],
      isPaid: false,
      sort: 1,
    });
    const tools = [{ type: "file_search", vector_store_ids: ["vs"] }];
    const body = { model: "gpt-5.5", input: [userMessage("hi")], tools };
    const end = await sendTurn(gateway.url, { thread: null, body });
    expect(end).toMatchObject({ status: 400 });
    expect(end.error?.["message"]).toContain("file_search");
    expect(upstream.calls).toEqual([]);
  });
});
