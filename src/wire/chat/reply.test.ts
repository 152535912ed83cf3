import { describe, expect, test } from "vitest";
import { messageOf, replyOf, terms } from "./testing.ts";

const text = (value: string, more: object = {}) => {
  return {
    type: "message",
    role: "assistant",
    content: [{ type: "output_text", text: value, annotations: [], ...more }],
  };
};
const call = (name: string, call_id: string, args: string) => ({
  type: "function_call",
  name,
  call_id,
  arguments: args,
});

describe("a reply", () => {
  test("is one whole object", () => {
    const usage = { input_tokens: 10, output_tokens: 2 };
    const answer = {
      id: "resp_9",
      created_at: 1_795_000_007,
      status: "completed",
      model: "gpt-real",
      service_tier: "flex",
      usage,
    };
    expect(replyOf({ ...answer, output: [text("Hello")] })).toEqual({
      id: "chatcmpl-9",
      object: "chat.completion",
      created: 1_795_000_007,
      model: terms.model,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Hello", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 2,
        total_tokens: 12,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
      service_tier: "flex",
    });
  });

  test("joins texts, and an empty one at the end takes nothing away", () => {
    expect(messageOf([text("Hel"), text("lo"), text("")])).toMatchObject({ content: "Hello" });
  });

  test("has no content beside calls and refusals, and an empty one when nothing at all was said", () => {
    expect(messageOf([call("look", "a", "{}")])["content"]).toBeNull();
    expect(messageOf([{ type: "message", content: [{ type: "refusal", refusal: "No." }] }])).toEqual({
      role: "assistant",
      content: null,
      refusal: "No.",
    });
    expect(messageOf([])).toEqual({ role: "assistant", content: "", refusal: null });
  });

  test("has its calls in order", () => {
    const tools = [{ type: "custom", custom: { name: "run" } }];
    const run = { type: "custom_tool_call", name: "run", call_id: "b", input: "print(1)" };
    expect(messageOf([call("look", "a", '{"x":1}'), run, call("look", "c", "")], { tools })["tool_calls"]).toEqual([
      { id: "a", type: "function", function: { name: "look", arguments: '{"x":1}' } },
      { id: "b", type: "custom", custom: { name: "run", input: "print(1)" } },
      { id: "c", type: "function", function: { name: "look", arguments: "" } },
    ]);
  });

  test("to a legacy client has its one function call", () => {
    const functions = [{ name: "look" }];
    const reply = replyOf({ output: [call("look", "a", "{}")] }, { functions });
    expect(reply.choices[0]).toMatchObject({
      message: { content: null, function_call: { name: "look", arguments: "{}" } },
      finish_reason: "function_call",
    });
    expect(reply.choices[0]?.message).not.toHaveProperty("tool_calls");
  });

  test("has the thoughts beside the text, their parts a blank line apart", () => {
    const thoughts = (...texts: string[]) => {
      return { type: "reasoning", summary: texts.map((each) => ({ type: "summary_text", text: each })) };
    };
    expect(messageOf([thoughts("One.", "Two."), thoughts("Three."), text("Hi")])).toMatchObject({
      content: "Hi",
      reasoning_content: "One.\n\nTwo.\n\nThree.",
    });
  });

  test("names sources and shows pictures only where there are any", () => {
    const source = { type: "url_citation", url: "https://example.com", title: "Example", start_index: 0, end_index: 2 };
    const picture = { type: "image_generation_call", id: "ig_1", result: "AAAA" };
    const message = messageOf([text("So.", { annotations: [source] }), picture]);
    expect(message).toMatchObject({
      annotations: [{ type: "url_citation", url_citation: { url: "https://example.com" } }],
      images: [{ image_url: { url: "data:image/png;base64,AAAA" } }],
    });
    expect(Object.keys(messageOf([text("So.")]))).toEqual(["role", "content", "refusal"]);
  });

  test("has the probabilities that were asked for", () => {
    const logprobs = [{ token: "Hi", bytes: [72, 105], logprob: -0.1, top_logprobs: [] }];
    const output = [text("Hi", { logprobs })];
    expect(replyOf({ output }, { logprobs: true }).choices[0]?.logprobs).toEqual({ content: logprobs, refusal: null });
    expect(replyOf({ output }).choices[0]?.logprobs).toBeNull();
  });

  test("that was cut off says so", () => {
    const cut = (reason: string) =>
      replyOf({ status: "incomplete", incomplete_details: { reason } }).choices[0]?.finish_reason;
    expect(cut("max_output_tokens")).toBe("length");
    expect(cut("content_filter")).toBe("content_filter");
  });

  test("has no usage that nobody counted", () => {
    expect(replyOf({})).not.toHaveProperty("usage");
  });
});
