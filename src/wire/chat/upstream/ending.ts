// How a Chat Completions answer ended, and what it cost, in the words of the internal form.
// Facts: beside OpenAI's own words: OpenRouter `error`, DeepSeek `insufficient_system_resource`, Zhipu `network_error` and
// `sensitive`, vLLM and SGLang `abort`, Mistral `model_length`.

import { asNumber, asObject, type JsonObject } from "../../../kit/json-value.ts";
import type { Ending, Usage } from "../../internal-events.ts";
import { chatComplaint } from "./errors.ts";

const BROKEN: ReadonlySet<string> = new Set(["error", "insufficient_system_resource", "network_error", "abort"]);

/** A choice whose `finish_reason` says that it is over. */
export function endingOf(finishReason: string, choice: JsonObject): Ending {
  if (BROKEN.has(finishReason)) {
    const message = chatComplaint(choice).message || `The upstream ended its answer with ${finishReason}.`;
    return { status: "failed", code: "upstream_error", message };
  }
  switch (finishReason) {
    case "length":
    case "max_tokens":
    case "model_length":
      return { status: "incomplete", reason: "max_output_tokens" };
    case "content_filter":
    case "sensitive":
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
    // The words of DeepSeek and Moonshot stand outside of the details.
    cachedInput:
      asNumber(asObject(usage["prompt_tokens_details"])?.["cached_tokens"]) ??
      asNumber(usage["prompt_cache_hit_tokens"]) ??
      asNumber(usage["cached_tokens"]) ??
      0,
    output: asNumber(usage["completion_tokens"]) ?? 0,
    reasoning: asNumber(asObject(usage["completion_tokens_details"])?.["reasoning_tokens"]) ?? 0,
  };
}
