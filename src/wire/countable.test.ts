import fc from "fast-check";
import { expect, test } from "vitest";
import { countableOf } from "./countable.ts";

const texts = (request: object) => countableOf(request as Record<string, unknown>).texts;
const others = (...items: object[]) => countableOf({ input: items }).others;

test("every text that a model reads is counted: of the prompt, messages, calls, outputs, tools and the answer's form", () => {
  const said = (type: string, words: string) => ({ type, text: words });
  expect(
    texts({
      model: "gpt-5.5",
      instructions: "be brief",
      input: [
        { type: "message", role: "user", content: [said("input_text", "question")] },
        {
          type: "message",
          role: "assistant",
          content: [said("output_text", "answer"), { type: "refusal", refusal: "no" }],
        },
        { type: "function_call", call_id: "c1", name: "read", arguments: '{"a":1}' },
        { type: "function_call_output", call_id: "c1", output: "plain output" },
        { type: "function_call_output", call_id: "c1", output: [said("input_text", "output in parts")] },
        { type: "custom_tool_call", call_id: "c2", name: "patch", input: "the patch" },
        { role: "user", content: "plain content" },
        { type: "web_search_call", action: { query: "cats" } },
      ],
      tools: [{ type: "function", name: "read", description: "Reads.", parameters: {}, strict: false }],
      text: { format: { type: "json_schema", schema: {} } },
    }),
  ).toEqual([
    "be brief",
    "question",
    "answer",
    "no",
    "read",
    '{"a":1}',
    "plain output",
    "output in parts",
    "patch",
    "the patch",
    "plain content",
    '{"type":"web_search_call","action":{"query":"cats"}}',
    '{"name":"read","description":"Reads.","parameters":{}}',
    '{"type":"json_schema","schema":{}}',
  ]);
});

test("a request that is one text is counted", () => {
  expect(texts({ input: "hello" })).toEqual(["hello"]);
});

test("pictures, pages and sealed reasoning are estimated", () => {
  const message = (...content: object[]) => ({ type: "message", role: "user", content });
  const empty = others(message());
  const picture = { type: "input_image", image_url: "data:image/png;base64,iVBO" };
  const file = (pages: number) => ({ type: "input_file", file_data: "x".repeat(pages * 67_000) });
  expect(others(message(picture, picture)) - empty).toBe(3200);
  expect(others(message(file(0))) - empty).toBe(1600);
  expect(others(message(file(10))) - empty).toBe(16_000);
  expect(others({ type: "function_call_output", output: [picture] }) - empty).toBe(1600);
  expect(others({ type: "reasoning", encrypted_content: "x".repeat(4000) }) - empty).toBe(588);
  expect(others({ type: "reasoning", encrypted_content: "short" }) - empty).toBe(0);
});

test("no request is too strange to be counted", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("input", "tools", "text", "instructions"), fc.jsonValue()), (request) => {
      const counted = countableOf(request);
      expect(counted.texts.every((text) => text !== "")).toBe(true);
      expect(counted.others).toBeGreaterThanOrEqual(0);
    }),
  );
});
