// How much the model is to think, and whether the client sees its thoughts.
// Facts: ai.google.dev/gemini-api/docs/thinking; a budget of -1 leaves it to the model, 0 switches thinking off.

import { asNumber, asText, type JsonObject } from "../../kit/json-value.ts";
import { effortForBudget } from "../thinking-budget.ts";

/** A level is the same word in either API; one that is new is left for the upstream to judge. */
export function effortOf(thinking: JsonObject | null): string | undefined {
  const level = asText(thinking?.["thinkingLevel"])?.toLowerCase();
  if (level !== undefined && level !== "" && level !== "thinking_level_unspecified") return level;
  const budget = asNumber(thinking?.["thinkingBudget"]);
  if (budget === null || budget < 0) return undefined;
  return effortForBudget(budget);
}

/** Thoughts are only written for clients that ask to see them. */
export function reasoningOf(thinking: JsonObject | null): JsonObject | undefined {
  const effort = effortOf(thinking);
  const isShown = thinking?.["includeThoughts"] === true && effort !== "none";
  if (effort === undefined && !isShown) return undefined;
  return { ...(effort === undefined ? {} : { effort }), ...(isShown ? { summary: "auto" } : {}) };
}
