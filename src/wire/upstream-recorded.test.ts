// Streams and whole answers as the public APIs document them, read by their formats.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { asObject, parseJson } from "../kit/json-value.ts";
import { chatUpstream } from "./chat/upstream/index.ts";
import { geminiUpstream } from "./gemini/upstream/index.ts";
import type { InternalEvent } from "./internal.ts";
import { messagesUpstream } from "./messages/upstream/index.ts";
import { grammarComplaints } from "./testing.ts";
import type { UpstreamFormat } from "./upstream-format.ts";

const terms = {
  request: { model: "m", input: [], tools: [{ type: "function", name: "read_file" }] },
  answerId: "a1",
  now: 1_795_000_000_000,
};

function recording({ name }: UpstreamFormat, file: string): string {
  return readFileSync(new URL(`${name}/upstream/fixtures/${file}`, import.meta.url), "utf8").trimEnd();
}

function streamed(format: UpstreamFormat, name: string): readonly InternalEvent[] {
  const reader = format.reader(terms);
  const lines = recording(format, `${name}.jsonl`).split("\n");
  return [...lines.flatMap((line) => reader.read(null, line)), ...reader.end()];
}

const text = (words: string) => ({ type: "message", content: [{ type: "output_text", text: words }] });
const thought = (words: string) => ({ type: "reasoning", summary: [{ type: "summary_text", text: words }] });
const read = (call_id: string, path: string) => {
  return { type: "function_call", call_id, name: "read_file", arguments: JSON.stringify({ path }) };
};
const spent = (input: number, cached: number, output: number, reasoning: number) => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: reasoning },
  total_tokens: input + output,
});

test.each([
  [
    chatUpstream,
    "parallel-calls",
    [text("I look at both."), read("call_Rt5aFq0", "a.ts"), read("call_Zx8bKw1", "b.ts")],
    spent(182, 128, 61, 20),
  ],
  [
    chatUpstream,
    "reasoned-text",
    [thought("9.11 has the smaller tenths."), text("9.8 is larger.")],
    spent(40, 0, 25, 17),
  ],
  [
    messagesUpstream,
    "thinking-and-calls",
    [thought("Both files matter."), text("I look at both."), read("toolu_01T1x", "a.ts"), read("toolu_02T2y", "b.ts")],
    // What was read from a cache or written to one is part of the input here.
    spent(21 + 1024 + 2048, 2048, 137, 0),
  ],
  [
    geminiUpstream,
    "thinking-and-calls",
    [
      thought("**Looking at both**\n\nThey differ.\n"),
      text("I look at both."),
      { type: "reasoning", summary: [] },
      read("fn_a1", "a.ts"),
      read("fn_b2", "b.ts"),
    ],
    spent(90, 64, 31 + 55, 55),
  ],
])("$name: %s reads alike as a stream and as one object", (format, name, output, usage) => {
  const events = streamed(format, name);
  expect(grammarComplaints(events)).toEqual([]);
  expect(events.at(-1)).toMatchObject({ type: "response.completed", response: { status: "completed", output, usage } });
  const whole = format.answer(asObject(parseJson(recording(format, `${name}.json`))) ?? {}, terms);
  expect(whole).toEqual(events.at(-1)?.["response"]);
});

test.each([
  [chatUpstream, "broken-by-provider", "response.failed", { error: { code: "server_is_overloaded" } }],
  [
    messagesUpstream,
    "overloaded",
    "response.failed",
    { error: { code: "server_is_overloaded", message: "Overloaded" } },
  ],
  [geminiUpstream, "filtered", "response.incomplete", { incomplete_details: { reason: "content_filter" } }],
])("$name: %s ends as %s", (format, name, type, response) => {
  const events = streamed(format, name);
  expect(grammarComplaints(events)).toEqual([]);
  expect(events.at(-1)).toMatchObject({ type, response });
});

test.each([chatUpstream, messagesUpstream, geminiUpstream])("$name: a stream that is cut has no end", (format) => {
  const name = format === chatUpstream ? "parallel-calls" : "thinking-and-calls";
  const lines = recording(format, `${name}.jsonl`).split("\n");
  // What closes a stream beside its last word: chunks of usage and `[DONE]`, of which servers leave out one or the other.
  const closing = format === chatUpstream ? 3 : 1;
  for (let cut = 0; cut <= lines.length - closing; cut += 1) {
    const reader = format.reader(terms);
    const events = [...lines.slice(0, cut).flatMap((line) => reader.read(null, line)), ...reader.end()];
    expect(events.map(({ type }) => type)).not.toContain("response.completed");
  }
});
