import { expect, test } from "vitest";
import { asInputItems } from "./output-items.ts";

const asInput = (...items: object[]): unknown =>
  JSON.parse(`[${asInputItems(Buffer.from(JSON.stringify(items)))?.toString() ?? ""}]`);

test("a message loses its status and what its parts have as an answer only", () => {
  const part = { type: "output_text", text: "hi", annotations: [], logprobs: [] };
  const message = { type: "message", id: "msg_1", role: "assistant", phase: "final", status: "completed" };
  expect(asInput({ ...message, content: [part] })).toEqual([
    { type: "message", id: "msg_1", role: "assistant", phase: "final", content: [{ type: "output_text", text: "hi" }] },
  ]);
});

test("reasoning keeps its ciphertext and its summary, and no empty content", () => {
  const reasoning = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAAA" };
  expect(asInput({ ...reasoning, status: null, content: null })).toEqual([reasoning]);
  expect(asInput({ ...reasoning, content: [{ type: "reasoning_text", text: "t" }] })).toEqual([
    { ...reasoning, content: [{ type: "reasoning_text", text: "t" }] },
  ]);
});

test("calls whose status says how they ended keep it, and unknown items stay as they are", () => {
  const kept = [
    { type: "web_search_call", id: "ws_1", status: "failed" },
    { type: "of_tomorrow", status: "odd", content: 1 },
  ];
  expect(asInput(...kept)).toEqual(kept);
  expect(asInput({ type: "function_call", call_id: "c", name: "n", arguments: "{}", status: "completed" })).toEqual([
    { type: "function_call", call_id: "c", name: "n", arguments: "{}" },
  ]);
});

test("an answer without items adds none", () => {
  expect(asInputItems(Buffer.from("[ ]"))).toBeNull();
});
