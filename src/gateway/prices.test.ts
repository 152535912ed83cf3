import { describe, expect, test } from "vitest";
import { builtInPrices, createPrices, parsePrices, pricesAsOf } from "./prices.ts";

const usage = { input: 1_000_000, cachedInput: 400_000, output: 100_000, reasoningOutput: 50_000, total: 1_100_000 };
const short = { ...usage, input: 1_000, cachedInput: 400, output: 100 };

describe("the estimated cost", () => {
  test("counts cached input at its own price, in whole micro-USD", () => {
    expect(builtInPrices.costMicroUsd("gpt-6.1-sol", short)).toBe(600 * 2 + 400 * 0.1 + 100 * 10);
    expect(builtInPrices.costMicroUsd("gpt-5.2-codex", { ...short, input: 1, cachedInput: 0, output: 0 })).toBe(2);
  });

  test("is higher for all tokens of a long request", () => {
    expect(builtInPrices.costMicroUsd("gpt-6.1-sol", usage)).toBe(600_000 * 4 + 400_000 * 0.2 + 100_000 * 15);
  });

  test("follows the service tier that was asked for", () => {
    const standard = builtInPrices.costMicroUsd("gpt-6.1-sol", short)!;
    expect(builtInPrices.costMicroUsd("gpt-6.1-sol", short, "priority")).toBe(2 * standard);
    expect(builtInPrices.costMicroUsd("gpt-6.1-sol", short, "flex")).toBe(standard / 2);
    expect(builtInPrices.costMicroUsd("gpt-6.1-sol", short, "constructor")).toBe(standard);
  });

  test.each([
    ["gpt-5-2025-08-07", 600 * 1.25 + 400 * 0.125 + 100 * 10],
    ["openai/GPT-5.4-mini", 600 * 0.75 + 400 * 0.075 + 100 * 4.5],
    ["claude-opus-4-20250514", 600 * 15 + 400 * 1.5 + 100 * 75],
    ["gpt-5.9", null],
    ["llama", null],
    [null, null],
  ])("of %s is by the longest name that fits", (model, cost) => {
    expect(builtInPrices.costMicroUsd(model, short)).toBe(cost === null ? null : Math.round(cost));
  });

  test("is unknown without tokens", () => {
    expect(builtInPrices.costMicroUsd("gpt-5", null)).toBeNull();
    expect(builtInPrices.costMicroUsd("gpt-5", { ...short, output: null })).toBeNull();
  });
});

test("own prices come first, and cached input costs as other input unless they say so", () => {
  const own = parsePrices('{"GPT-5": {"input": 1, "output": 2}, "mine": {"input": 0, "output": 0}}');
  if (!own.ok) throw new Error(own.problem);
  const prices = createPrices(own.prices);
  expect(prices.costMicroUsd("gpt-5", short)).toBe(1_200);
  expect(prices.costMicroUsd("mine", short)).toBe(0);
  expect(prices.items.find(({ model }) => model === "gpt-5")?.isOwn).toBe(true);
});

test.each([
  ["{", /^not JSON/],
  ["[]", /^the whole/],
  ['{"gpt-5": {"input": -1, "output": 1}}', /^gpt-5\.input/],
])("own prices %s are refused with the place that is wrong", (text, problem) => {
  expect(parsePrices(text)).toEqual({ ok: false, problem: expect.stringMatching(problem) as string });
});

test("the built-in prices are dated and sane", () => {
  expect(pricesAsOf).toMatch(/^20\d\d-\d\d-\d\d$/);
  for (const { price } of builtInPrices.items) expect(price.cachedInput ?? 0).toBeLessThanOrEqual(price.input);
});
