import { describe, expect, test } from "vitest";
import { chat } from "./index.ts";
import { droppedOf, faultOf, requestOf } from "./testing.ts";

const without = (fields: object) => {
  const { input: _input, reasoning: _reasoning, ...rest } = requestOf(fields);
  return rest;
};

describe("fields", () => {
  test("that are called the same in both APIs stay", () => {
    const same = {
      model: "gpt-5.5",
      temperature: 0.2,
      top_p: 0.9,
      user: "ann",
      metadata: { a: "b" },
      service_tier: "flex",
      prompt_cache_key: "k",
      safety_identifier: "s",
    };
    expect(without(same)).toEqual(same);
  });

  test("that only some upstreams know stay too: each is asked for what it takes", () => {
    const some = {
      stop: ["x"],
      seed: 1,
      presence_penalty: 0.5,
      frequency_penalty: 0.5,
      logit_bias: { 5: 1 },
      new_field: 1,
    };
    expect(without(some)).toEqual(some);
  });

  test("that end in the gateway, or have no effect, are left out, and the latter named", () => {
    const ending = { stream: true, stream_options: { include_usage: true }, n: 1, modalities: ["text"], store: false };
    const lost = { store: true, prediction: { type: "content", content: "a" }, top_k: 40, usage: { include: true } };
    expect(without({ ...ending, ...lost })).toEqual({});
    expect(droppedOf(ending)).toEqual([]);
    expect(droppedOf(lost)).toEqual(["store", "prediction", "top_k", "usage"]);
  });

  test("that are null are not said", () => {
    expect(
      without({ stop: null, temperature: null, max_tokens: null, response_format: null, verbosity: null }),
    ).toEqual({});
  });

  test.each([
    [{ max_tokens: 5 }, 5],
    [{ max_completion_tokens: 7, max_tokens: 5 }, 7],
    [{ max_output_tokens: 9 }, 9],
  ])("the limit of %j is %i tokens of output", (fields, limit) => {
    expect(without(fields)).toEqual({ max_output_tokens: limit });
  });

  test.each([
    [{ n: 2 }, "n"],
    [{ n: "1" }, "n"],
    [{ modalities: ["text", "audio"] }, "modalities"],
    [{ model: 7 }, "model"],
    [{ response_format: { type: "grammar" } }, "response_format.type"],
    [{ response_format: "json" }, "response_format.type"],
    [{ response_format: { type: "json_schema", json_schema: { name: "a" } } }, "response_format.json_schema.schema"],
    [{ reasoning_effort: 3 }, "reasoning_effort"],
    [{ web_search_options: true }, "web_search_options"],
    [{ input: "Hello" }, "input"],
  ])("%j are refused by name", (fields, param) => {
    expect(faultOf(fields)).toMatchObject({ code: "invalid_request", param });
  });

  test("log probabilities are asked for in the words of Responses", () => {
    expect(without({ logprobs: true, top_logprobs: 3 })).toEqual({
      include: ["message.output_text.logprobs"],
      top_logprobs: 3,
    });
    expect(without({ logprobs: false })).toEqual({});
  });
});

describe("the form of the text", () => {
  const schema = {
    type: "object",
    properties: { x: { type: "number" } },
    required: ["x"],
    additionalProperties: false,
  };

  test.each([
    [{ type: "text" }, { type: "text" }],
    [{ type: "json_object" }, { type: "json_object" }],
    [
      { type: "json_schema", json_schema: { name: "point", description: "A point.", strict: true, schema } },
      { type: "json_schema", name: "point", description: "A point.", strict: true, schema },
    ],
    [
      { type: "json_schema", json_schema: { schema } },
      { type: "json_schema", name: "answer", strict: false, schema },
    ],
  ])("%j", (response_format, format) => expect(without({ response_format })).toEqual({ text: { format } }));

  test("has a name that fits", () => {
    const { text } = requestOf({ response_format: { type: "json_schema", json_schema: { name: "a point!", schema } } });
    expect(text).toMatchObject({ format: { name: expect.stringMatching(/^[\w-]{1,64}$/) } });
  });

  test("stands beside how much is said", () => {
    expect(without({ verbosity: "low", response_format: { type: "json_object" } })).toEqual({
      text: { format: { type: "json_object" }, verbosity: "low" },
    });
    expect(without({ text: { verbosity: "high" } })).toEqual({ text: { verbosity: "high" } });
  });
});

describe("thinking", () => {
  const visible = { summary: "auto" };

  test.each([
    [{}, visible],
    [{ reasoning_effort: "high" }, { effort: "high", ...visible }],
    [{ reasoning_effort: "none" }, { effort: "none" }],
    [{ reasoning: { effort: "low", summary: "detailed" } }, { effort: "low", summary: "detailed" }],
    [
      { reasoning_effort: "high", reasoning: { effort: "low" } },
      { effort: "high", ...visible },
    ],
    [{ reasoning: "low" }, { effort: "low", ...visible }],
    [{ reasoning: { effort: "low", exclude: true } }, { effort: "low" }],
    [{ reasoning: { enabled: false } }, { effort: "none" }],
    [{ reasoning: { max_tokens: 10_000 } }, { effort: "high", ...visible }],
    [{ reasoning: { context: "all_turns" } }, { context: "all_turns", ...visible }],
    [{ enable_thinking: false }, { effort: "none" }],
    [{ enable_thinking: true }, { effort: "medium", ...visible }],
    [
      { enable_thinking: true, thinking_budget: 60_000 },
      { effort: "xhigh", ...visible },
    ],
    [{ chat_template_kwargs: { enable_thinking: false } }, { effort: "none" }],
    [{ thinking: { type: "disabled" } }, { effort: "none" }],
    [{ thinking: { type: "enabled" } }, { effort: "medium", ...visible }],
    [{ thinking: { type: "enabled", budget_tokens: 2000 } }, { effort: "medium", ...visible }],
    [{ thinking: { type: "adaptive" } }, visible],
    [{ include_reasoning: false }, undefined],
  ])("of %j", (fields, reasoning) => expect(requestOf(fields)["reasoning"]).toEqual(reasoning));
});

test("the fields that routing needs are read in both APIs' words", () => {
  const read = (body: object) => {
    return chat.readFields(Buffer.from(JSON.stringify(body)), { path: "/v1/chat/completions", query: "" });
  };
  const body = { model: "gpt-5.5", stream: true, service_tier: "flex", prompt_cache_key: "k" };
  const fields = { model: "gpt-5.5", isStream: true, serviceTier: "flex", conversation: "k" };
  expect(read({ ...body, reasoning_effort: "low" })).toEqual({ ...fields, reasoningEffort: "low" });
  expect(read({ ...body, reasoning: { effort: "high" } })).toEqual({ ...fields, reasoningEffort: "high" });
  expect(read({ messages: [] }).reasoningEffort).toBeNull();
});
