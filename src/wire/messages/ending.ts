// How a message ends, and what it cost.

import { asNumber, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { InternalAnswer, Item } from "../internal.ts";
import { isRefusal } from "./blocks.ts";

export type StopReason = "end_turn" | "tool_use" | "max_tokens" | "refusal";

export function stopReasonOf(answer: InternalAnswer, items: readonly Item[]): StopReason {
  if (answer.status === "incomplete") {
    const reason = asText(asObject(answer["incomplete_details"])?.["reason"]);
    return reason === "content_filter" ? "refusal" : "max_tokens";
  }
  if (items.some((item) => item["type"] === "function_call")) return "tool_use";
  return items.some(isRefusal) ? "refusal" : "end_turn";
}

/** Tokens that came out of a cache, or were written to it, are counted apart from the others. */
export function usageOf(answer: InternalAnswer, items: readonly Item[]): JsonObject {
  const usage = asObject(answer["usage"]);
  const details = asObject(usage?.["input_tokens_details"]);
  const cached = asNumber(details?.["cached_tokens"]) ?? 0;
  const written = asNumber(details?.["cache_write_tokens"]) ?? 0;
  const searches = items.filter((item) => item["type"] === "web_search_call" && item["status"] !== "failed").length;
  return {
    input_tokens: Math.max(0, (asNumber(usage?.["input_tokens"]) ?? 0) - cached - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: cached,
    output_tokens: asNumber(usage?.["output_tokens"]) ?? 0,
    ...(searches === 0 ? {} : { server_tool_use: { web_search_requests: searches } }),
  };
}

/** Ids of messages begin like this; the rest is the upstream's own id. */
export function messageId(answer: JsonObject | null): string {
  return `msg_${(asText(answer?.["id"]) ?? "answer").replace(/^resp_/, "")}`;
}
