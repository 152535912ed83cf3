import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { InternalEvent, Item } from "../internal.ts";
import { unpackSeal } from "../reasoning-seal.ts";
import { readStream, streamed, terms, translated, user } from "./testing.ts";

const request = { messages: [user("hello")], thinking: { type: "adaptive" } };
const event = (type: string, fields: object = {}): InternalEvent => ({ type: `response.${type}`, ...fields });
const created = event("created", { response: { id: "resp_1" } });
const completed = (response: object = {}) => event("completed", { response: { status: "completed", ...response } });
const done = (output_index: number, item: Item) => event("output_item.done", { output_index, item });
const added = (output_index: number, item: Item) => event("output_item.added", { output_index, item });
const call = (call_id: string, more: object = {}): Item => ({ type: "function_call", call_id, name: "read", ...more });
const spoken = (...content: object[]): Item => ({ type: "message", content });

const text = (...events: InternalEvent[]) => streamed(request, [created, ...events]);
const read = (...events: InternalEvent[]) => readStream(text(...events));
const names = (stream: string) => Array.from(stream.matchAll(/^event: (\w+)$/gm), ([, name]) => name);

const fixture = (file: string) => readFileSync(new URL(`./fixtures/${file}`, import.meta.url), "utf8");

function recorded(name: string): InternalEvent[] {
  const lines = fixture(`${name}.jsonl`).trim().split("\n");
  return lines.map((line) => JSON.parse(line) as InternalEvent);
}

/** The answer that such a stream ends with, put together from its finished items. */
function answerOf(events: readonly InternalEvent[]) {
  const items = events.filter(({ type }) => type === "response.output_item.done");
  const places = items.toSorted((one, other) => Number(one["output_index"]) - Number(other["output_index"]));
  const output = places.map((item) => item["item"] as Item);
  return { ...(events.at(-1)?.["response"] as object), output };
}

describe("a recorded stream", () => {
  test.each(["reasoned-text", "parallel-calls", "web-search"])(
    "%s is told piece by piece as it is told whole",
    (name) => {
      const events = recorded(name);
      const translation = translated(request);
      const reply = translation.reply(answerOf(events), terms);
      expect(readStream(streamed(request, events))).toEqual(reply);
      expect(reply).toEqual(JSON.parse(fixture(`${name}.message.json`)));
    },
  );
});

describe("a message", () => {
  test("begins once, with the first word from the upstream, and is of the model that was asked for", () => {
    const writer = translated(request).stream(terms);
    expect(writer.write({ type: "codex.rate_limits" })).toBe("");
    expect(names(writer.write(created))).toEqual(["message_start"]);
    expect(writer.write(event("in_progress"))).toBe("");
    expect(read(completed())).toMatchObject({ id: "msg_1", role: "assistant", model: terms.model, content: [] });
  });

  test("says nothing after its end", () => {
    const writer = translated(request).stream(terms);
    writer.write(completed());
    expect(writer.write(event("output_text.delta", { output_index: 0, delta: "more" }))).toBe("");
    expect(writer.write(completed())).toBe("");
  });

  test("counts apart what was read from a cache or written to one", () => {
    const usage = {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
      output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 5 },
    };
    expect(read(completed({ usage }))["usage"]).toEqual({
      input_tokens: 10,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 30,
      output_tokens: 20,
      output_tokens_details: { thinking_tokens: 5 },
    });
  });

  test("never counts less than nothing, and nothing where nobody has counted", () => {
    const usage = { input_tokens: 5, input_tokens_details: { cached_tokens: 9 }, output_tokens: 1 };
    expect(read(completed({ usage }))["usage"]).toMatchObject({ input_tokens: 0, cache_read_input_tokens: 9 });
    expect(read(completed())["usage"]).toMatchObject({ input_tokens: 0, output_tokens: 0 });
  });
});

describe("the stop reason", () => {
  const ended = (response: object, ...items: Item[]) =>
    read(...items.map((item, at) => done(at, item)), completed(response))["stop_reason"];
  const incomplete = (reason: string) => ({ status: "incomplete", incomplete_details: { reason } });

  test.each([
    ["end_turn", {}, spoken({ type: "output_text", text: "yes" })],
    ["tool_use", {}, call("c1")],
    ["max_tokens", incomplete("max_output_tokens"), call("c1")],
    ["refusal", incomplete("content_filter"), spoken()],
    ["refusal", {}, spoken({ type: "refusal", refusal: "no" })],
    ["pause_turn", { end_turn: false }, spoken({ type: "output_text", text: "wait" })],
    ["end_turn", {}, { type: "web_search_call", action: { type: "search", query: "cats" } }],
  ])("is %s after %j with %j", (reason, response, item) => {
    expect(ended(response, item)).toBe(reason);
    const reply = translated(request).reply({ ...response, output: [item] }, terms);
    expect(reply).toMatchObject({ stop_reason: reason });
  });

  test("of an answer that was cut short for another reason is an error, since it is not whole", () => {
    const stream = text(event("incomplete", { response: incomplete("quota") }));
    expect(names(stream)).toEqual(["message_start", "error"]);
    expect(stream).toContain("overloaded_error");
    expect(translated(request).reply({ ...incomplete("quota"), output: [] }, terms)).toMatchObject({
      stop_reason: "max_tokens",
    });
  });
});

describe("text", () => {
  const delta = (words: string, more: object = {}) =>
    event("output_text.delta", { output_index: 0, delta: words, ...more });

  test("opens its block with its first word, although no item was announced", () => {
    expect(names(text(delta("a"), delta("b")))).toEqual([
      "message_start",
      "content_block_start",
      "content_block_delta",
      "content_block_delta",
    ]);
  });

  test("that came in no pieces is taken from the finished item, or else from the finished answer", () => {
    const item = spoken({ type: "output_text", text: "whole" });
    const content = [{ type: "text", text: "whole" }];
    expect(read(done(0, item), completed())).toMatchObject({ content });
    expect(read(completed({ output: [item] }))).toMatchObject({ content });
    expect(read(delta("wh"), done(0, item), completed({ output: [item] }))).toMatchObject({ content });
  });

  test("is never taken back by a finished item that says something else", () => {
    const item = spoken({ type: "output_text", text: "other" });
    expect(read(delta("this"), done(0, item), completed())).toMatchObject({
      content: [{ type: "text", text: "this" }],
    });
  });

  test("without a word makes no block", () => {
    const item = spoken({ type: "output_text", text: "" });
    expect(read(added(0, item), delta(""), done(0, item), completed()).content).toEqual([]);
  });

  test("of two parts makes two blocks", () => {
    const item = spoken({ type: "output_text", text: "a" }, { type: "output_text", text: "b" });
    const content = [
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ];
    expect(read(delta("a"), delta("b", { content_index: 1 }), done(0, item), completed())).toMatchObject({ content });
  });
});

describe("thinking", () => {
  const summary = (index: number, words: string) =>
    event("reasoning_summary_text.delta", { output_index: 0, summary_index: index, delta: words });
  const reasoning = (...texts: string[]): Item => ({
    type: "reasoning",
    summary: texts.map((words) => ({ type: "summary_text", text: words })),
    encrypted_content: "gAAAAfinal",
  });
  const early: Item = { type: "reasoning", summary: [], encrypted_content: "gAAAAearly" };
  const seal = { owner: "acc_1", ciphertext: "gAAAAfinal" };

  test("is one block, a blank line between its parts, signed with what is sealed at the end", () => {
    const { content } = read(
      added(0, early),
      summary(0, "first"),
      summary(1, "then"),
      done(0, reasoning("first", "then")),
      completed(),
    );
    expect(content).toMatchObject([{ type: "thinking", thinking: "first\n\nthen" }]);
    expect(unpackSeal(content[0]?.["signature"])).toEqual(seal);
  });

  test("without a text is redacted thinking, which holds the seal", () => {
    const { content } = read(added(0, early), done(0, reasoning()), completed());
    expect(content).toMatchObject([{ type: "redacted_thinking" }]);
    expect(unpackSeal(content[0]?.["data"])).toEqual(seal);
  });

  test("that nobody sealed has no signature, and without a text no block", () => {
    const unsealed = { ...reasoning("hm"), encrypted_content: null };
    expect(read(done(0, unsealed), completed()).content).toEqual([{ type: "thinking", thinking: "hm", signature: "" }]);
    expect(read(done(0, { type: "reasoning", summary: [] }), completed()).content).toEqual([]);
  });

  test("is told without its text where the client wants it left out", () => {
    const omitted = { ...request, thinking: { type: "adaptive", display: "omitted" } };
    const { content } = readStream(streamed(omitted, [summary(0, "hm"), done(0, reasoning("hm")), completed()]));
    expect(content).toMatchObject([{ type: "thinking", thinking: "" }]);
    expect(unpackSeal(content[0]?.["signature"])).toEqual(seal);
  });

  test.each([undefined, { type: "disabled" }])("is not shown to a client that asked for %j", (thinking) => {
    const events = [summary(0, "hm"), done(0, reasoning("hm")), completed()];
    expect(readStream(streamed({ ...request, thinking }, events)).content).toEqual([]);
  });
});

describe("calls", () => {
  const piece = (output_index: number, delta: string) =>
    event("function_call_arguments.delta", { output_index, delta });

  test("that come mixed are told one after the other, each with one end", () => {
    const stream = text(
      added(0, call("c1")),
      added(1, call("c2", { name: "write" })),
      piece(1, '{"b":'),
      piece(0, '{"a":1}'),
      piece(1, "2}"),
      done(1, call("c2", { name: "write", arguments: '{"b":2}' })),
      done(0, call("c1", { arguments: '{"a":1}' })),
      completed(),
    );
    expect(readStream(stream)).toMatchObject({
      stop_reason: "tool_use",
      content: [
        { type: "tool_use", id: "c1", name: "read", input: { a: 1 } },
        { type: "tool_use", id: "c2", name: "write", input: { b: 2 } },
      ],
    });
    expect(names(stream).filter((name) => name === "content_block_stop")).toHaveLength(2);
  });

  test("are told once, though the pieces, the whole and the finished answer all tell them", () => {
    const item = call("c1", { arguments: '{"a":1}' });
    const events = [
      added(0, call("c1")),
      piece(0, '{"a"'),
      event("function_call_arguments.done", { output_index: 0, arguments: '{"a":1}' }),
      done(0, item),
      done(0, item),
      completed({ output: [item] }),
    ];
    expect(read(...events).content).toEqual([{ type: "tool_use", id: "c1", name: "read", input: { a: 1 } }]);
  });

  test("without a name wait for it, and what comes after them waits too; without one to the end they vanish", () => {
    const nameless: Item = { type: "function_call", call_id: "c1" };
    const said = event("output_text.delta", { output_index: 1, delta: "after" });
    const before = [created, added(0, nameless), piece(0, "{}"), said];
    expect(names(streamed(request, before))).toEqual(["message_start"]);
    expect(read(...before.slice(1), done(0, call("c1", { arguments: "{}" })), completed()).content).toMatchObject([
      { type: "tool_use", name: "read" },
      { type: "text", text: "after" },
    ]);
    expect(read(...before.slice(1), completed())).toMatchObject({
      content: [{ type: "text" }],
      stop_reason: "end_turn",
    });
  });

  test("have ids that every client takes, and an object for their input", () => {
    const odd = call(`call|${"x".repeat(90)}`, { arguments: "[1]" });
    const { content } = read(done(0, odd), completed());
    expect(content[0]?.["id"]).toMatch(/^[\w-]{1,64}$/);
    expect(translated(request).reply({ output: [odd] }, terms)).toMatchObject({ content: [{ input: {} }] });
  });

  test("of which the events name only the item's id are told apart by it", () => {
    const named = (item_id: string, delta: string) => event("function_call_arguments.delta", { item_id, delta });
    const item = (id: string, args: string) => call(`c${id}`, { id, arguments: args });
    const events = [
      event("output_item.added", { item: call("c1", { id: "1" }) }),
      event("output_item.added", { item: call("c2", { id: "2" }) }),
      named("2", '{"b":2}'),
      named("1", '{"a":1}'),
      completed({ output: [item("1", '{"a":1}'), item("2", '{"b":2}')] }),
    ];
    expect(read(...events).content).toMatchObject([{ input: { a: 1 } }, { input: { b: 2 } }]);
  });
});

describe("a search of the web", () => {
  const search = (more: object = {}): Item => ({
    type: "web_search_call",
    id: "ws_1",
    status: "completed",
    action: { type: "search", query: "cats", sources: [{ type: "url", url: "https://e.com" }] },
    ...more,
  });

  test("is told with what it looked for and what it found, and counted", () => {
    expect(read(done(0, search()), completed())).toMatchObject({
      content: [
        { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "cats" } },
        {
          type: "web_search_tool_result",
          tool_use_id: "srvtoolu_1",
          content: [{ type: "web_search_result", url: "https://e.com", title: "https://e.com" }],
        },
      ],
      usage: { server_tool_use: { web_search_requests: 1 } },
    });
  });

  test("that failed is told as an error and not counted", () => {
    const { content, usage } = read(done(0, search({ status: "failed" })), completed());
    expect(content[1]?.["content"]).toMatchObject({ type: "web_search_tool_result_error" });
    expect(usage).not.toHaveProperty("server_tool_use");
  });

  test("is not made up where a page was only opened", () => {
    expect(read(done(0, search({ action: { type: "open_page", url: "https://e.com" } })), completed()).content).toEqual(
      [],
    );
  });
});
