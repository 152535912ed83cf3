// What a client gets from the whole gateway when it speaks Chat Completions.

import { afterEach, describe, expect, test } from "vitest";
import { faults } from "../../src/demo/index.ts";
import { type BareGateway, startBareGateway } from "./bare-gateway.ts";
import { sendTurn, type TurnEnd } from "./turn.ts";

let gateway: BareGateway;
afterEach(() => gateway.close());

interface Choice {
  readonly delta: { readonly content?: string };
  readonly message: Readonly<Record<string, unknown>>;
  readonly finish_reason: string | null;
}

function ask(content: string, more: object = {}, path = "/v1/chat/completions"): Promise<TurnEnd> {
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content },
  ];
  const settings = { temperature: 0.2, max_tokens: 50, stop: ["x"], seed: 1, user: "ann", store: true };
  return sendTurn(gateway.url, { thread: null, path, body: { model: "gpt-5.5", messages, ...settings, ...more } });
}

const choiceOf = ({ text }: TurnEnd) => (JSON.parse(text) as { choices: readonly Choice[] }).choices[0];
const choicesOf = ({ text }: TurnEnd) =>
  [...text.matchAll(/^data: (\{.*)$/gm)].flatMap(
    ([, chunk = ""]) => (JSON.parse(chunk) as { choices?: Choice[] }).choices ?? [],
  );

describe("a client that speaks Chat Completions", () => {
  test.each(["/v1/chat/completions", "/chat/completions"])("gets an object at %s, whatever it set", async (path) => {
    gateway = await startBareGateway();
    const end = await ask("hi [[reply It is sunny ✓]]", {}, path);
    expect(end.status).toBe(200);
    expect(choiceOf(end)).toMatchObject({ message: { content: "It is sunny ✓" }, finish_reason: "stop" });
  });

  test("gets a stream with one end", async () => {
    gateway = await startBareGateway();
    const end = await ask("hi [[reply It is sunny ✓]]", { stream: true });
    expect(end.headers["content-type"]).toContain("text/event-stream");
    const choices = choicesOf(end);
    expect(choices.map(({ delta }) => delta.content ?? "").join("")).toBe("It is sunny ✓");
    expect(choices.map((choice) => choice.finish_reason).filter((reason) => reason !== null)).toEqual(["stop"]);
    expect(end.text.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  test("comes back with the outputs of its tools, and stays on the account", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"], routing: { strategy: "balanced" } });
    const name = "get_weather";
    const tools = [{ type: "function", function: { name } }];
    const question = { role: "user", content: `[[together]] [[tool:${name} {}]] [[tool:${name} {}]] [[reply both]]` };
    const first = await ask("", { messages: [question], tools });
    const message = choiceOf(first)?.message ?? {};
    const calls = message["tool_calls"] as Array<{ id: string; function: { name: string } }>;
    expect(calls).toHaveLength(2);
    const outputs = calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content: "sun" }));
    const second = await ask("", { messages: [question, message, ...outputs], tools });
    expect(choiceOf(second)?.message["content"]).toBe("both");
    expect((await gateway.row(2)).accountId).toBe((await gateway.row(1)).accountId);
  });

  test("is told by name what cannot be, before any account is asked", async () => {
    gateway = await startBareGateway();
    const end = await ask("hi", { n: 2 });
    expect([end.status, end.error]).toMatchObject([400, { param: "n", code: "invalid_request" }]);
    const old = await ask("hi", {}, "/v1/completions");
    expect([old.status, old.error]).toMatchObject([404, { code: "not_found" }]);
    expect((await gateway.row(2)).attempts).toEqual([]);
  });

  test("is told in its own form what an upstream refuses", async () => {
    gateway = await startBareGateway();
    const end = await ask("hi", { no_such_field: 1 });
    expect([end.status, end.error]).toMatchObject([400, { message: "Unsupported parameter: no_such_field" }]);
  });

  test("learns from one 429 that the pool is used up", async () => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.fail(faults.usageLimit());
    const end = await ask("hi", { stream: true });
    expect([end.status, end.error]).toMatchObject([429, { type: "usage_limit_reached", code: "usage_limit_reached" }]);
    expect(Number(end.headers["retry-after"])).toBeGreaterThan(0);
  });

  test.each([true, false])("takes no limit of the account for the end of an answer (stream %s)", async (stream) => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.fail(faults.incompleteInStream("usage_limit_reached"));
    const end = await ask("hi [[reply It is sunny]]", { stream });
    expect(end.text).toContain("usage_limit_reached");
    expect(end.text).not.toContain('"finish_reason":"length"');
    expect(end.status).toBe(stream ? 200 : 429);
  });

  test("is never told that an answer is complete which broke off", async () => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.fail(faults.cutStream(), { times: 2 });
    const streamed = await ask("hi", { stream: true });
    const [end, error] = streamed.text.trimEnd().split("\n\n").toReversed();
    expect(end).toBe("data: [DONE]");
    expect(error).toMatch(/^data: \{"error":.*"upstream_stream_truncated"/);
    expect(choicesOf(streamed).every((choice) => choice.finish_reason === null)).toBe(true);
    const whole = await ask("hi");
    expect([whole.status, whole.error]).toMatchObject([502, { code: "upstream_stream_truncated" }]);
  });
});
