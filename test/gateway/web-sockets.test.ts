// Requests that come as frames of a WebSocket.

import { afterEach, describe, expect, test } from "vitest";
import { faults } from "../../src/demo/index.ts";
import { type BareGateway, type BareGatewayOptions, KEY, startBareGateway } from "./bare-gateway.ts";
import { create, type FrameClient, type FrameClientOptions, goOn, idOf, openFrames, outputOf } from "./frame-client.ts";
import { turnBody, userMessage } from "./turn.ts";

let gateway: BareGateway;
let client: FrameClient;
afterEach(async () => {
  client.socket.terminate();
  await gateway.close();
});

async function open(options: BareGatewayOptions = {}, terms: FrameClientOptions = {}): Promise<void> {
  gateway = await startBareGateway(options);
  client = await openFrames(gateway.url, terms);
}

const lastSent = () => gateway.world.turns().at(-1);

describe("a request as a frame", () => {
  test("is answered by the data of the stream's events, one frame each", async () => {
    await open();
    const answer = await client.ask(create("hello [[reply hi there]]"));
    const types = answer.map(({ type }) => type);
    expect(types.indexOf("response.created")).toBeGreaterThanOrEqual(0);
    expect(outputOf(answer).map(({ type }) => type)).toEqual(["reasoning", "message"]);
    const deltas = answer.filter(({ type }) => type === "response.output_text.delta");
    expect(deltas.map(({ delta }) => delta).join("")).toBe("hi there");
    expect(types.at(-1)).toBe("response.completed");
    expect(types).toContain("codex.rate_limits");
    expect(await gateway.row(1)).toMatchObject({
      method: "WS",
      path: "/v1/responses",
      statusCode: 200,
      accountId: "ann",
    });
  });

  test.each(["/responses", "/backend-api/codex/responses", `/k/${KEY}/v1/responses`])(
    "is taken at %s",
    async (path) => {
      await open({}, { path });
      expect((await client.ask(create())).at(-1)).toMatchObject({ type: "response.completed" });
    },
  );

  test("reaches the upstream as Codex would have sent it over HTTP", async () => {
    await open();
    const metadata = { thread_id: "thread-1", "x-codex-turn-metadata": '{"turn_id":"ü"}', "x-codex-window-id": "w:1" };
    const own = { ws_request_header_x_openai_internal_codex_responses_lite: "true", "x-codex-turn-state": "of-nobody" };
    await client.ask(create("hello", { client_metadata: { ...metadata, ...own } }));
    const sent = lastSent();
    expect(sent?.json).toEqual(turnBody("hello", { client_metadata: metadata }));
    expect(sent?.headers).toMatchObject({
      originator: "codex_exec",
      "thread-id": "thread-1",
      accept: "text/event-stream",
      "content-type": "application/json",
      "x-codex-turn-metadata": '{"turn_id":"\\u00fc"}',
      "x-codex-window-id": "w:1",
      "x-codex-turn-state": "of-nobody",
      "x-openai-internal-codex-responses-lite": "true",
    });
    expect(Object.keys(sent?.headers ?? {}).filter((name) => /beta|upgrade|sec-/.test(name))).toEqual([]);
  });
});

describe("the conversation of a connection", () => {
  test("is opened without asking an upstream", async () => {
    await open();
    const prewarmed = await client.ask(create("", { input: [], generate: false }));
    expect(prewarmed).toMatchObject([
      { type: "response.created", response: { status: "in_progress" } },
      { type: "response.completed", response: { id: idOf(prewarmed), status: "completed", output: [] } },
    ]);
    expect(gateway.world.turns()).toEqual([]);
    const answer = await client.ask(goOn(prewarmed, "hello"));
    expect(answer.at(-1)).toMatchObject({ type: "response.completed" });
    expect(lastSent()?.json).toEqual(turnBody("hello"));
    expect(gateway.rows).toHaveLength(1);
  });

  test("is sent whole to the upstream, though the client sends only what is new", async () => {
    await open();
    const first = await client.ask(create("think first [[reply done]]"));
    const second = await client.ask(goOn(first, "go on"));
    await client.ask(goOn(second, "and on"));
    const [reasoning, said] = outputOf(first);
    const input = lastSent()?.json?.["input"] as object[];
    expect(input).toHaveLength(7);
    expect(input.slice(0, 4)).toEqual([
      userMessage("think first [[reply done]]"),
      reasoning,
      { type: "message", id: said?.["id"], role: "assistant", content: [{ type: "output_text", text: "done" }] },
      userMessage("go on"),
    ]);
    expect(input.at(-1)).toEqual(userMessage("and on"));
  });

  test("moves to another account before anything is said, without the reasoning of the old one", async () => {
    await open({ accounts: ["ann", "bob"] });
    const first = await client.ask(create("think first"));
    gateway.accounts[0]?.fail(faults.usageLimitInStream());
    const second = await client.ask(goOn(first, "go on"));
    expect(second.filter(({ type }) => type === "error")).toEqual([]);
    expect(await gateway.row(2)).toMatchObject({ accountId: "bob", lost: ["reasoning"], statusCode: 200 });
    await client.ask(goOn(second, "and on"));
    expect(await gateway.row(3)).toMatchObject({ accountId: "bob", routeReason: "bound" });
  });

  test("stays on its account though the client names no conversation", async () => {
    await open({ accounts: ["ann", "bob"], routing: { strategy: "balanced" } }, { thread: null });
    const other = await openFrames(gateway.url, { thread: null });
    const first = await client.ask(create("one"));
    await other.ask(create("two"));
    await client.ask(goOn(first, "go on"));
    expect(gateway.rows.map(({ accountId }) => accountId)).toEqual(["ann", "bob", "ann"]);
    other.socket.terminate();
  });

  test("is told its turn state in a frame, which comes back in the next", async () => {
    await open();
    const first = await client.ask(create());
    const metadata = first.find(({ type }) => type === "response.metadata") as { headers?: object } | undefined;
    const turnState = (metadata?.headers as Record<string, string> | undefined)?.["x-codex-turn-state"];
    expect(turnState).toBeTypeOf("string");
    await client.ask(goOn(first, "go on", { client_metadata: { "x-codex-turn-state": turnState } }));
    expect(lastSent()?.headers["x-codex-turn-state"]).toBe(turnState);
    expect(lastSent()?.json?.["client_metadata"]).toBeUndefined();
  });

  test("keeps the turn state for a client that knows of none, as long as the turn lasts", async () => {
    await open();
    const ofTurn = (id: string) => ({ client_metadata: { "x-codex-turn-metadata": JSON.stringify({ turn_id: id }) } });
    const first = await client.ask(create("", ofTurn("one")));
    const second = await client.ask(goOn(first, "go on", ofTurn("one")));
    expect(lastSent()?.headers["x-codex-turn-state"]).toBeTypeOf("string");
    await client.ask(goOn(second, "go on", ofTurn("two")));
    expect(lastSent()?.headers["x-codex-turn-state"]).toBeUndefined();
  });

  test("knows only its last response", async () => {
    await open();
    const first = await client.ask(create());
    await client.ask(goOn(first, "go on"));
    expect(await client.ask(goOn(first, "or rather"))).toMatchObject([
      { type: "error", status: 400, error: { code: "previous_response_not_found", param: "previous_response_id" } },
    ]);
    expect(await gateway.row(3)).toMatchObject({ statusCode: 400, errorCode: "previous_response_not_found" });
    expect((await client.ask(create("all anew"))).at(-1)).toMatchObject({ type: "response.completed" });
  });

  test("goes on after a turn that failed", async () => {
    await open();
    const first = await client.ask(create());
    gateway.accounts[0]?.fail(faults.contextTooLong());
    expect((await client.ask(goOn(first, "too much"))).at(-1)?.["type"]).toBe("error");
    expect((await client.ask(goOn(first, "less"))).at(-1)).toMatchObject({ type: "response.completed" });
  });
});

describe("a client that is not Codex", () => {
  test("gets no frames of the backend's own, and the finished items in the last one", async () => {
    await open({}, { thread: null });
    const answer = await client.ask({ type: "response.create", model: "gpt-5.5", input: "hello [[reply hi]]" });
    expect(answer.filter(({ type }) => type.startsWith("codex.") || type === "response.metadata")).toEqual([]);
    expect(answer.at(-1)).toMatchObject({ response: { output: outputOf(answer) } });
    const next = { type: "response.create", model: "gpt-5.5", input: "go on", previous_response_id: idOf(answer) };
    await client.ask(next);
    const input = lastSent()?.json?.["input"] as Array<{ type: string; role?: string }>;
    expect(input.map(({ type, role }) => role ?? type)).toEqual(["user", "reasoning", "assistant", "user"]);
  });
});
