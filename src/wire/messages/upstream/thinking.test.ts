import { describe, expect, test } from "vitest";
import { takesSampling, thinkingFields } from "./thinking.ts";
import type { Message } from "./transcript.ts";

const asked = { messages: [] as Message[], maxTokens: 32_000, isForced: false };
const fields = (model: string, effort: string, more: Partial<typeof asked> = {}, summary?: string) => {
  return thinkingFields({ model, input: [], reasoning: { effort, summary } }, { ...asked, ...more });
};

describe("models up to 4.5 think by a budget", () => {
  test.each([
    ["claude-3-7-sonnet-20250219", "minimal", 1024],
    ["claude-opus-4-20250514", "low", 1024],
    ["claude-opus-4-1-20250805", "medium", 8192],
    ["claude-sonnet-4-5-20250929", "high", 16_384],
    ["anthropic/claude-haiku-4.5", "xhigh", 28_672],
  ])("%s with the effort %s", (model, effort, budget_tokens) => {
    expect(fields(model, effort)).toEqual({ thinking: { type: "enabled", budget_tokens } });
  });

  test("that is less than the limit of the answer", () => {
    expect(fields("claude-sonnet-4-5", "high", { maxTokens: 4000 })).toMatchObject({
      thinking: { budget_tokens: 3999 },
    });
    expect(fields("claude-sonnet-4-5", "high", { maxTokens: 1024 })).toEqual({});
  });

  test("but not behind calls that were made without thinking", () => {
    const result: Message = { role: "user", content: [{ type: "tool_result" }] };
    const turn = (...types: readonly string[]): Message => ({
      role: "assistant",
      content: types.map((type) => ({ type })),
    });
    expect(fields("claude-sonnet-4-5", "high", { messages: [turn("tool_use"), result] })).toEqual({});
    const thought = fields("claude-sonnet-4-5", "high", { messages: [turn("thinking", "tool_use"), result] });
    expect(thought).toHaveProperty("thinking");
  });
});

describe("later models think by an effort", () => {
  test.each(["claude-opus-4-6", "claude-opus-4-7", "claude-sonnet-4.6", "claude-haiku-5-5", "some-other"])(
    "%s",
    (model) => {
      expect(fields(model, "high")).toEqual({
        thinking: { type: "adaptive", display: "omitted" },
        output_config: { effort: "high" },
      });
    },
  );

  test("and tell of it when somebody wants to read it", () => {
    expect(fields("claude-opus-4-7", "low", {}, "auto")).toMatchObject({ thinking: { display: "summarized" } });
  });

  test.each([
    ["claude-opus-4-6", "max"],
    ["claude-opus-4-7", "xhigh"],
    ["claude-opus-5-5", "xhigh"],
  ])("%s by the nearest word to xhigh: %s", (model, effort) => {
    expect(fields(model, "xhigh")).toMatchObject({ output_config: { effort } });
  });

  test("but not where a tool has to be used", () => {
    expect(fields("claude-opus-4-7", "high", { isForced: true })).toEqual({ output_config: { effort: "high" } });
    expect(fields("claude-sonnet-4-5", "high", { isForced: true })).toEqual({});
  });
});

test("models before 3.7 do not think", () => {
  expect(fields("claude-3-5-sonnet-20241022", "high")).toEqual({});
  expect(fields("claude-3-haiku-20240307", "none")).toEqual({});
});

test.each([
  ["claude-sonnet-4-5", {}, true],
  ["claude-opus-4-6", { thinking: { type: "disabled" } }, true],
  ["claude-opus-4-6", { thinking: { type: "adaptive" } }, false],
  ["claude-sonnet-4-5", { thinking: { type: "enabled" } }, false],
  ["claude-opus-4-7", {}, false],
  ["claude-haiku-5-5", {}, false],
  ["some-other", {}, true],
])("whether %s takes sampling with %j: %s", (model, thinking, expected) => {
  expect(takesSampling(model, thinking)).toBe(expected);
});
