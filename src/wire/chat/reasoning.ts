// How much the model is to think, in all the ways in which clients of this API say it.
// Facts: `reasoning_effort` is OpenAI's; `reasoning` is of Responses and OpenRouter; `enable_thinking` and
// `chat_template_kwargs` are of Qwen and vLLM; `thinking` is of Anthropic, DeepSeek and others.

import { asNumber, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import { effortForBudget } from "../thinking-budget.ts";
import { FaultyRequest } from "../translation.ts";

/** The fields that are read here. */
export const REASONING_FIELDS = [
  "reasoning_effort",
  "reasoning",
  "enable_thinking",
  "thinking",
  "thinking_budget",
  "chat_template_kwargs",
  "include_reasoning",
];

/** What of OpenRouter's `reasoning` has no place in the internal form, being read into its effort and summary. */
const READ_INTO = new Set(["effort", "max_tokens", "enabled", "exclude", "summary"]);

/**
 * A summary is always asked for, so that thinking can be seen, unless the client wants to see none or none is to happen.
 * Without a word of the client the effort is left to the model, whose own default is the best known.
 */
export function reasoningOf(body: JsonObject): JsonObject | undefined {
  const given = asObject(body["reasoning"]) ?? {};
  const effort = effortOf(body, given);
  const isHidden = given["exclude"] === true || body["include_reasoning"] === false;
  const summary = given["summary"] ?? (isHidden || effort === "none" ? undefined : "auto");
  const rest = Object.entries(given).filter(([key, value]) => value !== null && !READ_INTO.has(key));
  const reasoning = { ...Object.fromEntries(rest), ...defined({ effort, summary }) };
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
}

/** The first that is said wins, OpenAI's own words before those of others. */
function effortOf(body: JsonObject, given: JsonObject): string | undefined {
  const said = body["reasoning_effort"] ?? given["effort"] ?? asText(body["reasoning"]) ?? undefined;
  if (said !== undefined && typeof said !== "string") {
    throw new FaultyRequest("reasoning_effort", "`reasoning_effort` must be a word such as low, medium or high.");
  }
  if (said !== undefined) return said;
  const thinking = asObject(body["thinking"]);
  const kind = asText(thinking?.["type"]);
  const budget = asNumber(given["max_tokens"] ?? thinking?.["budget_tokens"] ?? body["thinking_budget"]);
  const isOn =
    given["enabled"] ?? body["enable_thinking"] ?? asObject(body["chat_template_kwargs"])?.["enable_thinking"];
  if (isOn === false || kind === "disabled" || body["thinking"] === false) return "none";
  if (budget !== null) return effortForBudget(budget);
  return isOn === true || kind === "enabled" || body["thinking"] === true ? "medium" : undefined;
}

function defined(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}
