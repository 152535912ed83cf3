// A request as Claude Code sends it in the middle of its work. The texts are not its own.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { translated } from "./testing.ts";

const turn = JSON.parse(
  readFileSync(new URL("./fixtures/claude-code-2.1.332-turn.json", import.meta.url), "utf8"),
) as Record<string, unknown>;

test("a turn of Claude Code is taken over in full", () => {
  const { request, sealOwner, dropped } = translated(turn);
  const reasoning = { type: "reasoning", summary: [], encrypted_content: "gAAAAabc" };
  const call = (call_id: string, name: string) => ({ type: "function_call", call_id, name });
  expect(dropped).toEqual([]);
  expect(sealOwner).toBe("ann");
  expect(request.instructions).toBe("Who the assistant is.\n\n\nHow it is to work.");
  expect(request.input).toMatchObject([
    { role: "user", content: [{ type: "input_text" }, { type: "input_text", text: "hello there" }] },
    { role: "developer", content: [{ type: "input_text" }] },
    reasoning,
    call("toolu_1", "ToolSearch"),
    reasoning,
    call("toolu_2", "Read"),
    reasoning,
    call("toolu_3", "WebSearch"),
    { type: "function_call_output", call_id: "toolu_1", output: [{ text: "The tool WebFetch is available." }, {}] },
    { type: "function_call_output", call_id: "toolu_2", output: [{ type: "input_image" }] },
    { type: "function_call_output", call_id: "toolu_3", output: "What was found." },
    { role: "user", content: [{ type: "input_text", text: "Tools were loaded." }] },
  ]);
  expect(request).toMatchObject({
    tool_choice: "auto",
    parallel_tool_calls: true,
    reasoning: { effort: "medium", summary: "auto" },
    prompt_cache_key: "e0c6f4a1-0000-4000-8000-000000000000",
  });
  expect(request.tools?.map((tool) => [tool["name"], tool["strict"]])).toEqual([
    ["Read", false],
    ["ToolSearch", false],
    ["WebFetch", false],
    ["DeferredToolPlaceholder", false],
  ]);
});
