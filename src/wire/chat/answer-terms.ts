// What every object of one answer carries, and how it ends.

import { asNumber, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { AnswerTerms } from "../translation.ts";

export interface Heading {
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly model: string;
}

/** The same for the same response, whether it is streamed or not. */
export function headingOf(response: JsonObject, terms: AnswerTerms): Heading {
  const id = asText(response["id"])?.replace(/^resp_/, "") ?? String(terms.now);
  return {
    id: `chatcmpl-${id}`,
    created: asNumber(response["created_at"]) ?? Math.floor(terms.now / 1000),
    model: terms.model,
  };
}

export type FinishReason = "stop" | "length" | "content_filter" | "tool_calls" | "function_call";

/**
 * An answer that was cut off says so even when it has calls, which may be cut off too. A reason that this API has no word
 * for is told as a length: the answer is not what it would have been.
 */
export function finishReason(response: JsonObject, calls: number, isLegacy: boolean): FinishReason {
  if (response["status"] === "incomplete") {
    const reason = asObject(response["incomplete_details"])?.["reason"];
    return reason === "content_filter" ? "content_filter" : "length";
  }
  if (calls === 0) return "stop";
  return isLegacy ? "function_call" : "tool_calls";
}

/** Undefined when the upstream did not count. */
export function usageOf(response: JsonObject): JsonObject | undefined {
  const usage = asObject(response["usage"]);
  if (usage === null) return undefined;
  const prompt = asNumber(usage["input_tokens"]) ?? 0;
  const completion = asNumber(usage["output_tokens"]) ?? 0;
  const input = asObject(usage["input_tokens_details"]);
  const written = asNumber(input?.["cache_write_tokens"]);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: asNumber(usage["total_tokens"]) ?? prompt + completion,
    prompt_tokens_details: {
      cached_tokens: asNumber(input?.["cached_tokens"]) ?? 0,
      // The public API's name, and the one under which other gateways have told it for longer.
      ...(written === null ? {} : { cache_write_tokens: written, cached_creation_tokens: written }),
    },
    completion_tokens_details: {
      reasoning_tokens: asNumber(asObject(usage["output_tokens_details"])?.["reasoning_tokens"]) ?? 0,
    },
  };
}
