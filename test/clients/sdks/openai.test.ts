// The OpenAI SDK, on its two APIs.

import { describe, expect, test } from "vitest";
import { installed, title } from "../installed.ts";
import type { Program } from "../programs.ts";
import { openPool, runProgram } from "./run-program.ts";

async function run(program: Program, scenario: string): Promise<Record<string, unknown>> {
  const { origin, key } = await openPool();
  return runProgram(program, { baseUrl: `${origin}/v1`, key, words: [scenario] });
}

const usage = { total_tokens: expect.any(Number) as number };

describe.each(installed("openai"))(title, (program) => {
  test.each<[string, string, object]>([
    ["a whole response", "responses", { text: "plain ✓", status: "completed", model: "gpt-5.5", usage }],
    ["a streamed response", "responsesStream", { text: "streamed ✓", final: "streamed ✓" }],
    ["a parsed response", "responsesParse", { parsed: { x: 1, label: "demo" } }],
    ["a response that goes on from another", "responsesChain", { first: "noted", second: "recalled" }],
    ["a tool call of a response", "responsesTools", { call: { city: "Bern" }, text: "sunny" }],
    ["a whole chat completion", "chat", { text: "chatted ✓", finish: "stop", model: "gpt-5.5", usage }],
    ["a streamed chat completion", "chatStream", { text: "streamed chat ✓", roles: 1, finish: "stop", usage }],
    ["parallel tool calls of a chat", "chatTools", { cities: ["Bern", "Rome"], text: "both sunny" }],
    ["a parsed chat completion", "chatParse", { parsed: { x: 1, label: "demo" } }],
    ["an image in a chat", "chatImage", { text: "a dot" }],
    ["the list of models", "models", { ids: expect.arrayContaining(["gpt-5.5"]) as string[] }],
  ])("gets %s", async (_what, scenario, expected) => {
    expect(await run(program, scenario)).toMatchObject(expected);
  });

  test("is told when the pool is used up, as a limit", async () => {
    const { origin, key, accounts } = await openPool();
    for (const account of accounts) account.exhaust({ resetsInMs: 3_600_000 });

    const told = await runProgram(program, { baseUrl: `${origin}/v1`, key, words: ["refused"] });

    expect(told).toMatchObject({ status: 429, code: "usage_limit_reached" });
  });

  test("is told that its key is wrong", async () => {
    const { origin } = await openPool();

    const told = await runProgram(program, { baseUrl: `${origin}/v1`, key: "sk-wrong", words: ["refused"] });

    expect(told).toMatchObject({ status: 401, message: expect.stringContaining("key") as string });
  });
});
