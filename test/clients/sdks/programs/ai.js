// A program that uses the Vercel AI SDK, by each of its three ways. Prints what it got as one line of JSON.

import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateObject, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";

const [, , baseURL, apiKey, way, scenario] = process.argv;
const ways = {
  openai: () => createOpenAI({ baseURL, apiKey })("gpt-5.5"),
  anthropic: () => createAnthropic({ baseURL, apiKey })("claude-sonnet-5"),
  "openai-compatible": () =>
    createOpenAICompatible({ name: "pool", baseURL, apiKey, includeUsage: true, supportsStructuredOutputs: true })(
      "gpt-5.5",
    ),
};
const model = ways[way]();
const maxRetries = 0;
const point = jsonSchema({
  type: "object",
  properties: { x: { type: "number" }, label: { type: "string" } },
  required: ["x", "label"],
  additionalProperties: false,
});
const get_weather = tool({
  inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" } }, required: ["city"] }),
  execute: async ({ city }) => `sun in ${city}`,
});

const scenarios = {
  async text() {
    const { text, finishReason, usage } = await generateText({ model, maxRetries, prompt: "hi [[reply plain ✓]]" });
    return { text, finishReason, usage };
  },
  async stream() {
    const result = streamText({ model, maxRetries, prompt: "hi [[reply streamed ✓]]" });
    let text = "";
    for await (const delta of result.textStream) text += delta;
    const usage = await result.usage;
    return { text, finishReason: await result.finishReason, usage };
  },
  async tools() {
    const result = await generateText({
      model,
      maxRetries,
      tools: { get_weather },
      stopWhen: stepCountIs(5),
      prompt: 'weather [[tool:get_weather {"city":"Bern"}]] [[tool:get_weather {"city":"Rome"}]] [[reply both sunny]]',
    });
    const cities = result.steps.flatMap((step) => step.toolCalls.map((call) => call.input.city));
    return { text: result.text, cities };
  },
  async object() {
    const { object } = await generateObject({ model, maxRetries, schema: point, prompt: "a point" });
    return { object };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
