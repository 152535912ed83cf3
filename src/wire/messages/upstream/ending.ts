// How a message ended, and what it cost, in the words of the internal form.

import { asNumber, type JsonObject } from "../../../kit/json-value.ts";
import type { Ending, Usage } from "../../internal-events.ts";

export function endingOf(stopReason: string | null): Ending {
  switch (stopReason) {
    case "max_tokens":
    case "model_context_window_exceeded":
      return { status: "incomplete", reason: "max_output_tokens" };
    case "refusal":
      return { status: "incomplete", reason: "content_filter" };
    default:
      // `pause_turn` too: the client goes on by sending the conversation again.
      return { status: "completed" };
  }
}

/** Anthropic counts what comes from a cache, or goes into one, apart from the rest of the input. */
export function usageOf(usage: JsonObject): Usage {
  const count = (name: string): number => asNumber(usage[name]) ?? 0;
  const [cachedInput, cacheWrites] = [count("cache_read_input_tokens"), count("cache_creation_input_tokens")];
  const input = count("input_tokens") + cachedInput + cacheWrites;
  return { input, cachedInput, cacheWrites, output: count("output_tokens"), reasoning: 0 };
}
