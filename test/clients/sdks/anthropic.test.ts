// The Anthropic SDK.

import { describe, expect, test } from "vitest";
import { installed, title } from "../installed.ts";
import type { Program } from "../programs.ts";
import { openPool, runProgram } from "./run-program.ts";

async function run(program: Program, scenario: string): Promise<Record<string, unknown>> {
  const { origin, key } = await openPool();
  return runProgram(program, { baseUrl: origin, key, words: [scenario] });
}

const usage = { input_tokens: expect.any(Number) as number, output_tokens: expect.any(Number) as number };

describe.each(installed("anthropic"))(title, (program) => {
  test.each<[string, string, object]>([
    ["a whole message", "create", { text: "plain ✓", stop: "end_turn", model: "claude-sonnet-5", usage }],
    ["a streamed message", "stream", { text: "streamed ✓", final: "streamed ✓", stop: "end_turn", usage }],
    ["thinking, and gives it back", "thinking", { types: ["thinking", "text"], text: "thought again" }],
    ["parallel tool calls", "tools", { stop: "tool_use", cities: ["Bern", "Rome"], text: "both sunny" }],
    ["an answer about an image", "image", { text: "a dot" }],
    ["an answer about a document", "document", { text: "read it" }],
    ["the list of models", "models", { ids: expect.arrayContaining(["gpt-5.5"]) as string[] }],
  ])("gets %s", async (_what, scenario, expected) => {
    expect(await run(program, scenario)).toMatchObject(expected);
  });

  test("counts tokens before it sends them", async () => {
    const { short, long } = await run(program, "count");

    expect(short).toBeGreaterThan(0);
    expect(long).toBeGreaterThan(1000);
    expect(long).toBeLessThan(1500);
  });

  test("is told when the pool is used up, as a limit", async () => {
    const { origin, key, accounts } = await openPool();
    for (const account of accounts) account.exhaust({ resetsInMs: 3_600_000 });

    const told = await runProgram(program, { baseUrl: origin, key, words: ["refused"] });

    expect(told).toMatchObject({ status: 429, type: "rate_limit_error", id: expect.any(String) as string });
  });
});
