// The clients of the suite complain about streams that real clients would stumble over.

import { describe, expect, test } from "vitest";
import { chatClient } from "./clients/chat.ts";
import { geminiClient } from "./clients/gemini.ts";
import { messagesClient } from "./clients/messages.ts";
import { responsesClient } from "./clients/responses.ts";
import { sse } from "./sse.ts";

const data = (value: object | string) => `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;

describe("a Chat Completions client", () => {
  const chunk = (delta: object, finish_reason: string | null = null, more: object = {}) =>
    data({
      id: "c",
      object: "chat.completion.chunk",
      created: 1,
      model: "m",
      choices: [{ index: 0, delta, finish_reason }],
      usage: null,
      ...more,
    });
  const role = chunk({ role: "assistant", content: "" });
  const bare = { id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [] };
  const usage = data({ ...bare, usage: {} });
  const end = chunk({}, "stop") + usage + data("[DONE]");

  test("takes a good stream", () => {
    expect(chatClient.complaints(role + chunk({ content: "a" }) + end)).toEqual([]);
  });

  test.each([
    ["no end", role + chunk({}, "stop") + usage, "[DONE]"],
    ["two roles", role + role + end, "role"],
    ["no role", chunk({ content: "a" }) + end, "role"],
    ["two finishes", role + chunk({}, "stop") + end, "finish"],
    ["text behind the finish", role + chunk({}, "stop") + chunk({ content: "a" }) + usage + data("[DONE]"), "finish"],
    ["another id", role + chunk({ content: "a" }, null, { id: "d" }) + end, "id"],
    ["an error and a finish", role + chunk({}, "stop") + data({ error: {} }) + data("[DONE]"), "although"],
    ["a call without an id", role + chunk({ tool_calls: [{ index: 0 }] }) + end, "call 0"],
    ["usage among other things", role + chunk({}, "stop", { usage: {} }) + usage + data("[DONE]"), "elsewhere"],
    ["a chunk that leaves the usage out", role + data(bare) + end, "leaves the usage out"],
    ["two ends", role + end + data("[DONE]"), "ends twice"],
    ["no usage", role + chunk({}, "stop") + data("[DONE]"), "usage"],
  ])("complains of %s", (_what, stream, word) => {
    expect(chatClient.complaints(stream).join()).toContain(word);
  });
});

describe("a Messages client", () => {
  const message = { id: "msg_1", role: "assistant", content: [], usage: { input_tokens: 0 } };
  const start = { type: "message_start", message };
  const open = (index: number, type = "text", more: object = {}) => {
    return { type: "content_block_start", index, content_block: { type, ...more } };
  };
  const delta = (index: number, type = "text_delta") => ({ type: "content_block_delta", index, delta: { type } });
  const stop = (index: number) => ({ type: "content_block_stop", index });
  const end = [{ type: "message_delta", usage: { output_tokens: 1 } }, { type: "message_stop" }];

  test("takes a good stream", () => {
    expect(messagesClient.complaints(sse([start, open(0), delta(0), stop(0), { type: "ping" }, ...end]))).toEqual([]);
  });

  test.each([
    ["no beginning", [open(0), stop(0), ...end], "begins"],
    ["two open blocks", [start, open(0), open(1), stop(1), stop(0), ...end], "while 0 is open"],
    ["a block that stops twice", [start, open(0), stop(0), stop(0), ...end], "not open"],
    ["a delta of no block", [start, delta(0), ...end], "not open"],
    ["a block left open", [start, open(0), ...end], "while block 0 is open"],
    ["a number left out", [start, open(1), stop(1), ...end], "where 0 should"],
    ["no end", [start], "end"],
    ["half a message", [{ type: "message_start" }, ...end], "half a message"],
    ["a nameless call", [start, open(0, "tool_use", { id: "c" }), stop(0), ...end], "nameless"],
    ["thinking in text", [start, open(0), delta(0, "thinking_delta"), stop(0), ...end], "has a thinking_delta"],
    [
      "words behind the signature",
      [start, open(0, "thinking"), delta(0, "signature_delta"), delta(0, "thinking_delta"), stop(0), ...end],
      "follows the signature",
    ],
    ["no usage", [start, { type: "message_delta" }, { type: "message_stop" }], "no usage"],
    ["an error and an end", [start, { type: "error" }, ...end], "goes on"],
  ])("complains of %s", (_what, events, word) => {
    expect(messagesClient.complaints(sse(events)).join()).toContain(word);
  });
});

describe("a Gemini client", () => {
  const piece = (more: object = {}) => data({ candidates: [{ content: { parts: [] }, ...more }] });
  const end = data({ candidates: [{ content: { parts: [] }, finishReason: "STOP" }], usageMetadata: {} });

  test("takes a good stream", () => {
    expect(geminiClient.complaints(piece() + end)).toEqual([]);
  });

  test.each([
    ["a comment", `: alive\n\n${end}`, "between"],
    ["the name of an event", `event: x\n${end}`, "names of events"],
    ["a character that ends a line", data('{"text":"a\u2028b"}') + end, "end a line"],
    ["no finish", piece(), "finish"],
    ["two finishes", end + end, "finish"],
    ["no usage", piece({ finishReason: "STOP" }), "usage"],
    ["an empty part", piece({ content: { parts: [{}] } }) + end, "says nothing"],
    ["another id", data({ responseId: "other" }) + end, "id or model"],
  ])("complains of %s", (_what, stream, word) => {
    expect(geminiClient.complaints(stream).join()).toContain(word);
  });
});

describe("a Responses client", () => {
  const end = { type: "response.completed", response: {} };

  test("takes a good stream", () => {
    expect(responsesClient.complaints(sse([{ type: "response.created" }, end]))).toEqual([]);
  });

  test.each([
    ["two ends", sse([end, end]), "once"],
    ["no end", sse([{ type: "response.created" }]), "ends with"],
    ["events of a vendor", sse([{ type: "codex.rate_limits" }, end]), "vendor"],
    [
      "numbers that go back",
      data({ type: "a", sequence_number: 1 }) + data({ ...end, sequence_number: 0 }),
      "backwards",
    ],
    [
      "letters behind the end of their item",
      sse([
        { type: "response.output_item.done", output_index: 0 },
        { type: "response.output_text.delta", output_index: 0 },
        end,
      ] as { type: string }[]),
      "behind the end of its item",
    ],
    ["an event of another name", `event: x\n${data(end)}`, "is called"],
  ])("complains of %s", (_what, stream, word) => {
    expect(responsesClient.complaints(stream).join()).toContain(word);
  });
});
