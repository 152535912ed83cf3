import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asObject, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalEvent, InternalRequest } from "../../internal.ts";
import { unpackSeal } from "../../reasoning-seal.ts";
import { grammarComplaints } from "../../testing.ts";
import { messagesAnswer } from "./reply.ts";
import { MessagesReader } from "./stream.ts";
import { unpackThinking } from "./thinking-pack.ts";

const terms = { request: { model: "m", input: [] } as InternalRequest, answerId: "a1", now: 1_000_000 };

function read(events: readonly object[]): InternalEvent[] {
  const reader = new MessagesReader(terms);
  return [...events.flatMap((event) => reader.read(null, JSON.stringify(event))), ...reader.end()];
}

const usage = { input_tokens: 3, cache_read_input_tokens: 5, cache_creation_input_tokens: 2, output_tokens: 1 };
const begun = { type: "message_start", message: { id: "msg_1", usage } };
const start = (index: number, content_block: object) => ({ type: "content_block_start", index, content_block });
const delta = (index: number, fields: object) => ({ type: "content_block_delta", index, delta: fields });
const stop = (index: number) => ({ type: "content_block_stop", index });
const ended = (stop_reason: string, output_tokens = 9) => [
  { type: "message_delta", delta: { stop_reason }, usage: { output_tokens } },
  { type: "message_stop" },
];
const text = (index: number, words: string) => [
  start(index, { type: "text", text: "" }),
  delta(index, { type: "text_delta", text: words }),
  stop(index),
];
const last = (events: readonly InternalEvent[]) => events.at(-1);
const output = (events: readonly InternalEvent[]) => asObject(last(events)?.["response"])?.["output"] as JsonObject[];

describe("a stream of blocks becomes", () => {
  test("items, with the usage counted as the internal form does", () => {
    const events = read([begun, { type: "ping" }, ...text(0, "Hi"), ...ended("end_turn")]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([{ type: "message", content: [{ text: "Hi" }] }]);
    expect(last(events)).toMatchObject({
      type: "response.completed",
      response: {
        usage: {
          input_tokens: 10,
          input_tokens_details: { cached_tokens: 5, cache_write_tokens: 2 },
          output_tokens: 9,
        },
      },
    });
  });

  test("reasoning whose seal only Anthropic can open, thinking and redacted alike", () => {
    const events = read([
      begun,
      start(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "Hm." }),
      delta(0, { type: "signature_delta", signature: "sig" }),
      stop(0),
      start(1, { type: "redacted_thinking", data: "xx" }),
      stop(1),
      ...text(2, "Hi"),
      ...ended("end_turn"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    const [thinking, redacted] = output(events);
    expect(thinking).toMatchObject({ type: "reasoning", summary: [{ text: "Hm." }] });
    expect(unpackThinking(thinking?.["encrypted_content"])).toEqual({
      type: "thinking",
      thinking: "Hm.",
      signature: "sig",
    });
    expect(unpackThinking(redacted?.["encrypted_content"])).toEqual({ type: "redacted_thinking", data: "xx" });
    expect(unpackSeal(thinking?.["encrypted_content"])).toBeNull();
  });

  test("calls, told piece by piece or whole", () => {
    const events = read([
      begun,
      start(0, { type: "tool_use", id: "toolu_1", name: "f", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: '{"x":' }),
      delta(0, { type: "input_json_delta", partial_json: "1}" }),
      stop(0),
      start(1, { type: "tool_use", id: "toolu_2", name: "g", input: { y: 2 } }),
      stop(1),
      start(2, { type: "tool_use", id: "toolu_3", name: "h", input: {} }),
      stop(2),
      ...ended("tool_use"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([
      { type: "function_call", call_id: "toolu_1", name: "f", arguments: '{"x":1}' },
      { call_id: "toolu_2", arguments: '{"y":2}' },
      { call_id: "toolu_3", arguments: "{}" },
    ]);
  });

  test("usage that holds although the end says that it does not know", () => {
    const end = {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: { input_tokens: null, output_tokens: 4 },
    };
    const events = read([begun, ...text(0, "Hi"), end, { type: "message_stop" }]);
    expect(last(events)).toMatchObject({ response: { usage: { input_tokens: 10, output_tokens: 4 } } });
  });

  test("searches that Anthropic has made", () => {
    const events = read([
      begun,
      start(0, { type: "server_tool_use", id: "srv_1", name: "web_search", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: '{"query":"rust"}' }),
      stop(0),
      start(1, { type: "web_search_tool_result", tool_use_id: "srv_1", content: [] }),
      stop(1),
      ...text(2, "Found."),
      ...ended("end_turn"),
    ]);
    expect(grammarComplaints(events)).toEqual([]);
    expect(output(events)).toMatchObject([
      { type: "web_search_call", action: { type: "search", query: "rust" } },
      { type: "message" },
    ]);
  });
});

describe("the end of a stream", () => {
  test.each([
    ["end_turn", "response.completed", null],
    ["stop_sequence", "response.completed", null],
    ["pause_turn", "response.completed", null],
    ["max_tokens", "response.incomplete", { reason: "max_output_tokens" }],
    ["refusal", "response.incomplete", { reason: "content_filter" }],
  ])("%s is %s", (reason, type, incomplete_details) => {
    expect(last(read([begun, ...text(0, "x"), ...ended(reason)]))).toMatchObject({
      type,
      response: { incomplete_details },
    });
  });

  test("is not told when the server did not tell it", () => {
    expect(read([begun, ...text(0, "x")]).some(({ type }) => type === "response.completed")).toBe(false);
  });

  test.each([
    ["overloaded_error", "server_is_overloaded"],
    ["rate_limit_error", "rate_limit_exceeded"],
    ["api_error", "upstream_error"],
  ])("is a failure: %s is %s", (type, code) => {
    const events = read([begun, ...text(0, "x"), { type: "error", error: { type, message: "no" } }]);
    expect(last(events)).toMatchObject({ type: "response.failed", response: { error: { code, message: "no" } } });
  });
});

const block = fc.oneof(
  fc.string({ minLength: 1 }).map((words) => ({ type: "text", text: words })),
  fc.string({ minLength: 1 }).map((thinking) => ({ type: "thinking", thinking, signature: "s" })),
  fc.record({
    type: fc.constant("tool_use"),
    id: fc.constantFrom("a", "b"),
    name: fc.constant("f"),
    input: fc.object({ maxDepth: 1 }),
  }),
);

test("any message reads alike as a stream and as one object", () => {
  const events = (content: readonly { type: string }[]) =>
    content.flatMap((each, index) => {
      const { type } = each;
      if (type === "text") return text(index, (each as unknown as { text: string }).text);
      return [start(index, each), stop(index)];
    });
  fc.assert(
    fc.property(fc.array(block, { maxLength: 6 }), (content) => {
      const streamed = read([begun, ...events(content), ...ended("end_turn")]);
      expect(grammarComplaints(streamed)).toEqual([]);
      const whole = messagesAnswer({ content, stop_reason: "end_turn", usage }, terms);
      expect(whole.output).toEqual(output(streamed));
    }),
  );
});
