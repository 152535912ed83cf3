// How an answer of the Gemini API ended, and what it cost, in the words of the internal form.
// Facts: ai.google.dev/api/generate-content#FinishReason and #UsageMetadata: thoughts are counted apart from the answer, what
// tools have put in apart from the prompt; what came from a cache is part of the prompt.

import { asNumber, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { Ending, Usage } from "../../internal-events.ts";

const FILTERED: Ending = { status: "incomplete", reason: "content_filter" };
const FILTERS = new Set(
  (
    "SAFETY RECITATION LANGUAGE BLOCKLIST PROHIBITED_CONTENT SPII " +
    "IMAGE_SAFETY IMAGE_PROHIBITED_CONTENT IMAGE_RECITATION"
  ).split(" "),
);

/** Null as long as the answer goes on. */
export function endingOf(candidate: JsonObject): Ending | null {
  const reason = asText(candidate["finishReason"]) ?? "";
  if (reason === "" || reason === "FINISH_REASON_UNSPECIFIED") return null;
  if (reason === "STOP") return { status: "completed" };
  if (reason === "MAX_TOKENS") return { status: "incomplete", reason: "max_output_tokens" };
  if (FILTERS.has(reason)) return FILTERED;
  // A call that cannot be read, for example: what there is of the answer is not what the model meant.
  const message = asText(candidate["finishMessage"]) ?? `The upstream ended its answer with ${reason}.`;
  return { status: "failed", code: "upstream_error", message };
}

/** A request that was refused as a whole has no candidates. Null for one that was not. */
export function blockOf(chunk: JsonObject): Ending | null {
  const reason = asText(asObject(chunk["promptFeedback"])?.["blockReason"]);
  return reason === null || reason === "BLOCK_REASON_UNSPECIFIED" ? null : FILTERED;
}

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
