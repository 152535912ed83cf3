// How an answer ends, and what it cost.
// Facts: ai.google.dev/api/generate-content#FinishReason and #UsageMetadata: thoughts are counted apart from the answer.

import { asList, asNumber, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";

type FinishReason = "STOP" | "MAX_TOKENS" | "SAFETY" | "OTHER" | "MALFORMED_FUNCTION_CALL";

export function finishReason(response: JsonObject, items: readonly Item[], hasBrokenCall: boolean): FinishReason {
  if (response["status"] === "incomplete") {
    const reason = asText(asObject(response["incomplete_details"])?.["reason"]);
    if (reason === "max_output_tokens") return "MAX_TOKENS";
    return reason === "content_filter" ? "SAFETY" : "OTHER";
  }
  if (hasBrokenCall) return "MALFORMED_FUNCTION_CALL";
  return items.some(isRefusal) ? "SAFETY" : "STOP";
}

function isRefusal(item: Item): boolean {
  return asList(item["content"]).some((part) => asObject(part)?.["type"] === "refusal");
}

/** Undefined when the upstream did not count. */
export function usageOf(response: JsonObject): JsonObject | undefined {
  const usage = asObject(response["usage"]);
  if (usage === null) return undefined;
  const input = asNumber(usage["input_tokens"]) ?? 0;
  const output = asNumber(usage["output_tokens"]) ?? 0;
  const cached = asNumber(asObject(usage["input_tokens_details"])?.["cached_tokens"]) ?? 0;
  const thoughts = asNumber(asObject(usage["output_tokens_details"])?.["reasoning_tokens"]) ?? 0;
  return {
    promptTokenCount: input,
    ...(cached === 0 ? {} : { cachedContentTokenCount: cached }),
    candidatesTokenCount: Math.max(0, output - thoughts),
    ...(thoughts === 0 ? {} : { thoughtsTokenCount: thoughts }),
    totalTokenCount: asNumber(usage["total_tokens"]) ?? input + output,
  };
}
