// How a Chat Completions answer ended, and what it cost, in the words of the internal form.

import { asNumber, asObject } from "../../../kit/json-value.ts";
import type { Ending, Usage } from "../../internal-events.ts";

export function endingOf(finishReason: string): Ending {
  switch (finishReason) {
    case "length":
      return { status: "incomplete", reason: "max_output_tokens" };
    case "content_filter":
      return { status: "incomplete", reason: "content_filter" };
    default:
      return { status: "completed" };
  }
}

export function usageOf(value: unknown): Usage | null {
  const usage = asObject(value);
  if (usage === null) return null;
  return {
    input: asNumber(usage["prompt_tokens"]) ?? 0,
    // DeepSeek's word stands outside of the details.
    cachedInput:
      asNumber(asObject(usage["prompt_tokens_details"])?.["cached_tokens"]) ??
      asNumber(usage["prompt_cache_hit_tokens"]) ??
      0,
    output: asNumber(usage["completion_tokens"]) ?? 0,
    reasoning: asNumber(asObject(usage["completion_tokens_details"])?.["reasoning_tokens"]) ?? 0,
  };
}
