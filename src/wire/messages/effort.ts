// How much a model is to think, in the words of the internal form.

import { asNumber, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import { effortForBudget } from "../thinking-budget.ts";

/**
 * A budget becomes the effort that spends about as much. An effort that the request names itself wins. A request that says
 * nothing of thinking leaves the effort to the model; one that switches it off has to say so upstream, where the default is on.
 */
export function reasoningOf(request: JsonObject): object | undefined {
  const thinking = asObject(request["thinking"]);
  const type = asText(thinking?.["type"]);
  const named = asText(asObject(request["output_config"])?.["effort"]);
  if (type === "disabled") return { effort: "none" };
  const budget = type === "enabled" ? asNumber(thinking?.["budget_tokens"]) : null;
  const effort = named ?? (budget === null ? null : effortForBudget(budget));
  const isShown = type !== null && thinking?.["display"] !== "omitted";
  if (effort === null && !isShown) return undefined;
  return { ...(effort === null ? {} : { effort }), ...(isShown ? { summary: "auto" } : {}) };
}
