// What a client gets from the whole gateway when it speaks Anthropic Messages.

import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { faults } from "../../src/demo/index.ts";
import { readStream, type StreamedMessage } from "../../src/wire/messages/testing.ts";
import { type BareGateway, KEY, startBareGateway } from "./bare-gateway.ts";
import { sendTurn, type TurnEnd } from "./turn.ts";

let gateway: BareGateway;
afterEach(() => gateway.close());

const headers = { authorization: "", "x-api-key": KEY, "anthropic-version": "2023-06-01" };
const tools = [{ name: "get_weather", input_schema: { type: "object", properties: { city: { type: "string" } } } }];
const rules = { role: "system", content: "Be kind.", output_config: { effort: "low" } };

function ask(messages: readonly object[], more: object = {}, path = "/v1/messages?beta=true"): Promise<TurnEnd> {
  const settings = { max_tokens: 128_000, temperature: 1, thinking: { type: "adaptive" }, stop_sequences: ["x"] };
  const body = { model: "claude-opus-5-5[1m]", system: "Be brief.", messages, ...settings, ...more };
  return sendTurn(gateway.url, { thread: null, path, headers, body });
}

const question = (content: string) => ({ role: "user", content });
const messageOf = ({ text }: TurnEnd) => JSON.parse(text) as StreamedMessage;
const textOf = ({ content }: StreamedMessage) => content.find(({ type }) => type === "text")?.["text"];

describe("a client that speaks Messages", () => {
  test("gets a message, under the model it asked for, whatever it set", async () => {
    gateway = await startBareGateway();
    const end = await ask([question("hi [[reply It is sunny ✓]]"), rules]);
    expect(end.status).toBe(200);
    const message = messageOf(end);
    expect(message).toMatchObject({
      type: "message",
      role: "assistant",
      model: "claude-opus-5-5[1m]",
      stop_reason: "end_turn",
    });
    expect(textOf(message)).toBe("It is sunny ✓");
    expect(await gateway.row(1)).toMatchObject({ protocol: "messages", path: "/v1/messages", errorCode: null });
  });

  test("gets a stream of the grammar, with its usage at the end", async () => {
    gateway = await startBareGateway();
    const end = await ask([question("hi [[reply It is sunny ✓]]")], { stream: true });
    expect(end.headers["content-type"]).toContain("text/event-stream");
    const message = readStream(end.text);
    expect(textOf(message)).toBe("It is sunny ✓");
    expect(message["usage"]).toMatchObject({ output_tokens: expect.any(Number) as number });
  });

  test("goes on with its thinking and its tools on the account that thought", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"], routing: { strategy: "balanced" } });
    const asked = question('[[together]] [[tool:get_weather {"city":"Rome"}]] [[tool:get_weather {}]] [[reply both]]');
    const first = readStream((await ask([asked], { tools, stream: true })).text);
    const calls = first.content.filter(({ type }) => type === "tool_use");
    expect(first["stop_reason"]).toBe("tool_use");
    expect(calls).toMatchObject([{ name: "get_weather", input: { city: "Rome" } }, { name: "get_weather" }]);
    expect(first.content[0]).toMatchObject({ type: "thinking", signature: expect.stringMatching(/^Y3ht/) as string });
    const results = calls.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content: "sun" }));
    const second = await ask(
      [asked, { role: "assistant", content: first.content }, { role: "user", content: results }],
      { tools },
    );
    expect(textOf(messageOf(second))).toBe("both");
    expect((await gateway.row(2)).accountId).toBe((await gateway.row(1)).accountId);
    expect((await gateway.row(2)).errorCode).toBeNull();
  });

  test("may send what Claude Code sends in the middle of its work", async () => {
    gateway = await startBareGateway();
    const file = new URL("../../src/wire/messages/fixtures/claude-code-2.1.332-turn.json", import.meta.url);
    const body = readFileSync(file, "utf8");
    const end = await sendTurn(gateway.url, { thread: null, path: "/v1/messages?beta=true", headers, body });
    expect(end.status).toBe(200);
    expect(readStream(end.text)["stop_reason"]).toBe("end_turn");
  });

  test("is told what is wrong with its request, and what was left out of it stands in the log", async () => {
    gateway = await startBareGateway();
    const refused = await ask([question("hi")], { mcp_servers: [{ name: "s" }] });
    expect(refused).toMatchObject({ status: 400, error: { type: "invalid_request_error" } });
    expect(refused.headers["request-id"]).toMatch(/^trc_/);
    await ask([question("hi")]);
    expect((await gateway.row(2)).lost).toEqual(expect.arrayContaining([expect.stringContaining("stop_sequences")]));
  });

  test("is told in its own form when nobody may serve it", async () => {
    gateway = await startBareGateway({ accounts: [] });
    expect(await ask([question("hi")])).toMatchObject({ status: 403, error: { type: "permission_error" } });
    const anonymous = await sendTurn(gateway.url, {
      thread: null,
      path: "/v1/messages",
      headers: { authorization: "" },
      body: {},
    });
    expect(anonymous).toMatchObject({ status: 401, error: { type: "authentication_error" } });
    const wrong = await fetch(`${gateway.url}/v1/messages`);
    expect(await wrong.json()).toMatchObject({ type: "error" });
  });

  test("is told when to come back once the quota is used up", async () => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.fail(faults.usageLimit());
    const end = await ask([question("hi")]);
    expect(end).toMatchObject({ status: 429, error: { type: "rate_limit_error" } });
    expect(Number(end.headers["retry-after"])).toBeGreaterThan(0);
  });

  test("reads in its stream that the answer broke off", async () => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.fail(faults.cutStream());
    const end = await ask([question("hi")], { stream: true });
    expect(end.text.trimEnd().split("\n\n").at(-1)).toMatch(/^event: error\ndata: \{"type":"error"/);
    expect(end.text).not.toContain("message_stop");
  });
});

describe("counting tokens", () => {
  const count = async (more: object = {}) => {
    const end = await ask([question("hello world ".repeat(200))], more, "/v1/messages/count_tokens?beta=true");
    return (JSON.parse(end.text) as { input_tokens: number }).input_tokens;
  };

  test("asks no account, and counts everything that a model reads", async () => {
    gateway = await startBareGateway({ accounts: [] });
    const plain = await count();
    expect(plain).toBeGreaterThan(400);
    expect(plain).toBeLessThan(450);
    expect(await count({ tools })).toBeGreaterThan(plain);
    expect(await count({ system: "hello world ".repeat(100) })).toBeGreaterThan(plain + 190);
    expect(await gateway.row(1)).toMatchObject({ path: "/v1/messages/count_tokens", statusCode: 200, accountId: null });
  });

  test("is for holders of a platform key, and of requests that can be understood", async () => {
    gateway = await startBareGateway();
    const path = "/v1/messages/count_tokens";
    const anonymous = await sendTurn(gateway.url, { thread: null, path, headers: { authorization: "" }, body: {} });
    expect(anonymous).toMatchObject({ status: 401, error: { type: "authentication_error" } });
    expect(await ask([], {}, path)).toMatchObject({ status: 400, error: { type: "invalid_request_error" } });
  });

  test("is offered to clients of the Responses API too", async () => {
    gateway = await startBareGateway();
    const path = "/v1/responses/input_tokens";
    const end = await sendTurn(gateway.url, { path, body: { model: "gpt-5.5", input: "hello world" } });
    expect(JSON.parse(end.text)).toEqual({ object: "response.input_tokens", input_tokens: 2 });
    const odd = await sendTurn(gateway.url, { path, body: { scope: 1, retry: 1 } });
    expect(odd.status).toBe(200);
    expect(await sendTurn(gateway.url, { path, body: "[]" })).toMatchObject({ status: 400 });
    const unknown = { model: "gpt-5.5", input: "hello", previous_response_id: "resp_unknown" };
    expect(await sendTurn(gateway.url, { path, body: unknown })).toMatchObject({ status: 400 });
  });
});

test.each([
  ["/api/hello", 404],
  ["/", 404],
  ["/v1/messages", 200],
])("who only wants to know whether anybody is at %s is told %i at once", async (path, status) => {
  gateway = await startBareGateway({ accounts: [] });
  const answer = await fetch(`${gateway.url}${path}`, { method: "HEAD" });
  expect(answer.status).toBe(status);
  expect(gateway.rows).toEqual([]);
});
