// How a Gemini answer ended, and what it cost, in the words of the internal form.

import { asNumber, asObject } from "../../../kit/json-value.ts";
import type { Ending, Usage } from "../../internal-events.ts";

const FILTERED: ReadonlySet<string> = new Set([
  "SAFETY",
  "RECITATION",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "IMAGE_SAFETY",
  "LANGUAGE",
]);

export const filtered: Ending = { status: "incomplete", reason: "content_filter" };

export function endingOf(finishReason: string): Ending {
  if (finishReason === "STOP") return { status: "completed" };
  if (finishReason === "MAX_TOKENS") return { status: "incomplete", reason: "max_output_tokens" };
  if (FILTERED.has(finishReason)) return filtered;
  return { status: "failed", code: "upstream_error", message: `The model stopped for the reason ${finishReason}.` };
}

/** Google counts thinking beside the answer, not as part of it. */
export function usageOf(value: unknown): Usage | null {
  const usage = asObject(value);
  if (usage === null) return null;
  const count = (name: string): number => asNumber(usage[name]) ?? 0;
  const reasoning = count("thoughtsTokenCount");
  return {
    input: count("promptTokenCount") + count("toolUsePromptTokenCount"),
    cachedInput: count("cachedContentTokenCount"),
    output: count("candidatesTokenCount") + reasoning,
    reasoning,
  };
}
