// List prices by model family, to estimate what a request would have cost on the public API.
// Source: OpenAI's published API prices as of November 2026 and the original's table; unknown models cost nothing.

import type { TokenUsage } from "../wire/protocol.ts";

interface Price {
  /** The first prefix that fits the model's name counts. */
  readonly prefix: string;
  /** USD per million tokens. */
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}

const prices: readonly Price[] = [
  { prefix: "gpt-5.3-codex", input: 1.75, cachedInput: 0.175, output: 14 },
  { prefix: "gpt-5.2", input: 1.75, cachedInput: 0.175, output: 14 },
  { prefix: "gpt-5.1-codex-mini", input: 0.25, cachedInput: 0.025, output: 2 },
  { prefix: "gpt-5", input: 1.25, cachedInput: 0.125, output: 10 },
  { prefix: "gpt-4.1", input: 2, cachedInput: 2, output: 8 },
  { prefix: "gpt-4o", input: 2.5, cachedInput: 2.5, output: 10 },
  { prefix: "gpt-4", input: 30, cachedInput: 30, output: 60 },
  { prefix: "claude-3", input: 3, cachedInput: 3, output: 15 },
];

/** Cost in whole micro-USD; null when tokens or price are unknown. */
export function costMicroUsd(model: string | null, usage: TokenUsage | null): number | null {
  const price = prices.find(({ prefix }) => model?.toLowerCase().startsWith(prefix));
  if (price === undefined || usage === null || usage.input === null || usage.output === null) return null;
  const cached = Math.min(usage.cachedInput ?? 0, usage.input);
  return Math.round((usage.input - cached) * price.input + cached * price.cachedInput + usage.output * price.output);
}
