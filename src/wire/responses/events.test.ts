import { describe, expect, test } from "vitest";
import {
  eventKind,
  eventName,
  eventPayload,
  isTerminal,
  kindFromHead,
  readTerminal,
  readUsage,
  eventText,
} from "./events.ts";

const kind = (text: string) => eventKind(Buffer.from(text), 0, Buffer.byteLength(text));
const name = (text: string) => eventName(Buffer.from(text), 0, Buffer.byteLength(text));
const payload = (text: string) => eventPayload(Buffer.from(text), 0, Buffer.byteLength(text)).toString();
const fromHead = (text: string) => kindFromHead(Buffer.from(text), 0, Buffer.byteLength(text));
const facts = (event: unknown) => readTerminal(Buffer.from(JSON.stringify(event)));

const kinds = [
  ["response.created", "silent"],
  ["response.in_progress", "silent"],
  ["response.queued", "silent"],
  ["response.metadata", "silent"],
  ["codex.response.metadata", "silent"],
  ["codex.keepalive", "silent"],
  ["keepalive", "silent"],
  ["codex.rate_limits", "limits"],
  ["response.output_item.added", "content"],
  ["response.output_text.delta", "content"],
  ["an.event.of.tomorrow", "content"],
  ["response.completed", "completed"],
  ["response.done", "completed"],
  ["response.incomplete", "incomplete"],
  ["response.failed", "failed"],
  ["error", "failed"],
] as const;

describe.each(kinds)("%s is %s", (type, expected) => {
  test.each([
    ["by its event line", `event: ${type}\ndata: {"type":"something.else"}\n\n`],
    ["without a space after the colons, lines ended by CRLF", `event:${type}\r\ndata:{}\r\n\r\n`],
    ["with the event line behind others", `: hello\nid: 4\ndata: {}\nevent: ${type}\n\n`],
    ["by its payload alone", `data: {"type":"${type}","response":{}}\n\n`],
    ["by its payload without a space", `data:{"type":"${type}"}\n\n`],
    [
      "by a payload where another type comes first",
      `data: {"error":{"type":"x"},"list":[{"type":"y"}], "type" : "${type}"}\n\n`,
    ],
    ["by a payload over two lines", `data: {"a":1,\ndata: "type":"${type}"}\n\n`],
    ["without a blank line at the end of the stream", `event: ${type}`],
  ])("%s", (_form, text) => {
    expect(kind(text)).toBe(expected);
    expect(name(text)).toBe(type);
  });
});

test.each(["\n", "\r\n", ": ping\n\n", ":\r\n\r\n", "retry: 3000\n\n", "data:\n\n"])("%j says nothing", (text) => {
  expect(kind(text)).toBe("silent");
  expect(name(text)).toBeNull();
});

test.each(["data: [DONE]\n\n", 'data: {"delta":"x"}\n\n', "data: {oops\n\n"])(
  "%j is content without a name",
  (text) => {
    expect(kind(text)).toBe("content");
    expect(name(text)).toBe("");
  },
);

test("an event is judged by its own bytes, not by those around it", () => {
  const text = 'event: error\n\ndata: {"a":1}\n\nevent: response.completed\n\n';
  const start = text.indexOf("data");
  expect(eventKind(Buffer.from(text), start, text.indexOf("event: response"))).toBe("content");
});

test("the head of an event tells its kind once its event line is whole, and never guesses", () => {
  expect(fromHead('event: response.completed\ndata: {"ty')).toBe("completed");
  expect(fromHead("event: response.output_text.delta\nda")).toBe("content");
  expect(fromHead(`: ${"x".repeat(90)}\nevent: codex.rate_limits\n`)).toBe("limits");
  expect(fromHead("event: response.comp")).toBeNull();
  expect(fromHead(`: ${"x".repeat(90)}\nev`)).toBeNull();
  expect(fromHead('data: {"response":{"output":[{"type":"message"')).toBeNull();
});

test("terminal are the kinds that end an answer", () => {
  expect(new Set(kinds.map(([, each]) => each).filter(isTerminal))).toEqual(
    new Set(["completed", "incomplete", "failed"]),
  );
});

test("the payload is the data lines, joined by line feeds", () => {
  expect(payload("event: x\ndata: one\n\n")).toBe("one");
  expect(payload("data:one\r\ndata: two\r\ndata:  three\r\n\r\n")).toBe("one\ntwo\n three");
  expect(payload("event: x\n\n")).toBe("");
  expect(payload("data: the end of the stream")).toBe("the end of the stream");
});

describe("the facts of a terminal event", () => {
  test("are its model and usage", () => {
    const usage = {
      input_tokens: 1205,
      input_tokens_details: { cached_tokens: 1000 },
      output_tokens: 17,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 1222,
    };
    expect(facts({ type: "response.completed", response: { model: "gpt-x", usage, error: null, output: [] } })).toEqual(
      {
        model: "gpt-x",
        usage: { input: 1205, cachedInput: 1000, output: 17, reasoningOutput: 5, total: 1222 },
        error: null,
        incompleteReason: null,
      },
    );
  });

  test.each([
    ["inside the response", { type: "response.failed", response: { error: { code: "c", type: "t", message: "m" } } }],
    [
      "beside the response",
      { type: "response.failed", response: { error: null }, error: { code: "c", type: "t", message: "m" } },
    ],
    ["of an error event", { type: "error", error: { code: "c", type: "t", message: "m" } }],
  ])("are the error %s", (_place, event) => {
    expect(facts(event).error).toEqual({ code: "c", type: "t", message: "m" });
  });

  test("are the error of the flat form, whose type is the event's own", () => {
    expect(facts({ type: "error", code: "c", message: "m", param: null }).error).toEqual({
      code: "c",
      type: null,
      message: "m",
    });
    expect(facts({ type: "error", message: "m" }).error).toEqual({ code: null, type: null, message: "m" });
  });

  test("are why it is incomplete", () => {
    const response = { incomplete_details: { reason: "max_output_tokens" } };
    expect(facts({ type: "response.incomplete", response }).incompleteReason).toBe("max_output_tokens");
  });

  test.each(["", "[DONE]", "{", "[]", '{"response":null}', '{"response":7,"error":"x"}'])("are none in %j", (text) => {
    expect(readTerminal(Buffer.from(text))).toEqual({ model: null, usage: null, error: null, incompleteReason: null });
  });
});

test("usage is read in the words of both APIs, and what is missing is unknown, not zero", () => {
  const chat = {
    prompt_tokens: 3,
    prompt_tokens_details: { cached_tokens: 1 },
    completion_tokens: 2,
    completion_tokens_details: { reasoning_tokens: 0 },
  };
  expect(readUsage(chat)).toEqual({ input: 3, cachedInput: 1, output: 2, reasoningOutput: 0, total: null });
  expect(readUsage({ input_tokens: "3" })).toEqual({
    input: null,
    cachedInput: null,
    output: null,
    reasoningOutput: null,
    total: null,
  });
  for (const nothing of [null, undefined, 3, "x", []]) expect(readUsage(nothing)).toBeNull();
});

test.each([
  'event: a\ndata: {"x":1}\n\n',
  'data: {"x":1}\n\n',
  'event: a\ndata:{"x":1}\n\n',
  'event: a\r\ndata: {"x":1}\r\n\r\n',
  'event: a\ndata: {"x":\ndata: 1}\n\n',
  'data: {"x":1}\nevent: a\n\n',
  ": comment\n\n",
  "event: a\n\n",
  'event: a\ndata: {"x":"ü"}',
])("the text of an event is that of its payload: %j", (event) => {
  const bytes = Buffer.from(`before${event}after`);
  const [start, end] = [6, bytes.length - 5];
  expect(eventText(bytes, start, end).trim()).toBe(eventPayload(bytes, start, end).toString());
});
