import { describe, expect, test } from "vitest";
import type { InternalRequest } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import { geminiRequest } from "./request.ts";

const body = (request: Partial<InternalRequest>) =>
  geminiRequest({ model: "gemini-3.8-flash", input: [], ...request }).body;
const named = (name: string, more: object = {}) => ({ type: "function", name, ...more });

describe("how much a model thinks", () => {
  const thinking = (model: string, effort: string) => body({ model, reasoning: { effort } })["generationConfig"];

  test.each([
    ["gemini-2.5-flash", "none", { thinkingBudget: 0 }],
    ["gemini-2.5-pro", "none", { thinkingBudget: 128 }],
    ["gemini-2.5-pro", "medium", { thinkingBudget: 8192 }],
    ["gemini-2.5-flash", "xhigh", { thinkingBudget: 24_576 }],
    ["gemini-3.8-flash", "none", { thinkingLevel: "MINIMAL" }],
    ["gemini-3.1-pro-preview", "minimal", { thinkingLevel: "LOW" }],
    ["gemini-4-argon", "xhigh", { thinkingLevel: "HIGH" }],
  ])("%s with the effort %s", (model, effort, thinkingConfig) => {
    expect(thinking(model, effort)).toEqual({ thinkingConfig });
  });

  test("is left to it when nobody asks, and told when somebody wants to read it", () => {
    expect(body({})).not.toHaveProperty("generationConfig");
    expect(body({ reasoning: { summary: "auto" } })).toHaveProperty("generationConfig.thinkingConfig", {
      includeThoughts: true,
    });
  });
});

describe("which tools it may call", () => {
  const tools = [
    named("f"),
    { type: "custom", name: "patch" },
    { type: "namespace", name: "files", tools: [named("read")] },
  ];
  const choice = (tool_choice: unknown) => body({ tools, tool_choice })["toolConfig"];

  test("all, with those of free text and of namespaces as functions", () => {
    expect(body({ tools })["tools"]).toMatchObject([
      {
        functionDeclarations: [
          { name: "f" },
          { name: "patch", parametersJsonSchema: { required: ["input"] } },
          { name: "files__read" },
        ],
      },
    ]);
  });

  test.each([
    ["auto", { mode: "AUTO" }],
    ["none", { mode: "NONE" }],
    ["required", { mode: "ANY" }],
    [named("read", { namespace: "files" }), { mode: "ANY", allowedFunctionNames: ["files__read"] }],
    [
      { type: "allowed_tools", mode: "required", tools: [named("f")] },
      { mode: "ANY", allowedFunctionNames: ["f"] },
    ],
    [
      { type: "allowed_tools", mode: "auto", tools: [named("f")] },
      { mode: "VALIDATED", allowedFunctionNames: ["f"] },
    ],
  ])("for the choice %j", (tool_choice, functionCallingConfig) => {
    expect(choice(tool_choice)).toEqual({ functionCallingConfig });
  });

  test("with calls held to their schemas where one is strict", () => {
    expect(body({ tools: [named("f", { strict: true })] })).toHaveProperty(
      "toolConfig.functionCallingConfig.mode",
      "VALIDATED",
    );
  });

  test("and searches the web without any of them", () => {
    const request = body({ tools: [{ type: "web_search" }], tool_choice: "auto" });
    expect(request).toMatchObject({ tools: [{ googleSearch: {} }] });
    expect(request).not.toHaveProperty("toolConfig");
  });
});

test("searches stand beside no functions, and are a fault where they have to be made", () => {
  const tools = [named("f"), { type: "web_search" }];
  expect(body({ tools })["tools"]).toMatchObject([{ functionDeclarations: [{ name: "f" }] }]);
  expect(() => body({ tools, tool_choice: { type: "web_search" } })).toThrow(FaultyRequest);
});

test("nothing is asked for that only OpenAI keeps", () => {
  expect(() => body({ previous_response_id: "resp_1" })).toThrow(FaultyRequest);
});

test("limits, sampling and where to stop keep their meaning under other names", () => {
  const request = { max_output_tokens: 5, temperature: 0.5, top_p: 0.9, seed: 7, presence_penalty: 1, stop: "END" };
  expect(body(request)["generationConfig"]).toEqual({
    maxOutputTokens: 5,
    temperature: 0.5,
    topP: 0.9,
    seed: 7,
    presencePenalty: 1,
    stopSequences: ["END"],
  });
});

test("JSON is asked for with and without a schema, and no other form of answer", () => {
  expect(body({ text: { format: { type: "json_object" } } })["generationConfig"]).toEqual({
    responseMimeType: "application/json",
  });
  expect(body({ text: { format: { type: "text" }, verbosity: "low" } })).not.toHaveProperty("generationConfig");
  expect(() => body({ text: { format: { type: "grammar" } } })).toThrow(FaultyRequest);
  expect(() => body({ tools: [named("f")], tool_choice: { type: "image_generation" } })).toThrow(FaultyRequest);
});

test("a model's name is the same with and without its collection", () => {
  expect(geminiRequest({ model: "models/gemini-3.8-flash", input: [] }).path).toBe(
    "/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse",
  );
});
