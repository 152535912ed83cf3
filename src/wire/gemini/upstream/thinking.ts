// How much a model is to think, in the words of its generation.
// Facts: ai.google.dev/gemini-api/docs/thinking: models up to 2.5 take a budget of tokens (Pro at least 128), later ones a level,
// of which Pro has no `minimal`; none of the later can be kept from thinking.

import { asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest } from "../../internal.ts";
import profile from "./profile.json" with { type: "json" };

const BUDGETS: Readonly<Record<string, number>> = profile.budgets;
const LEVELS: Readonly<Record<string, string>> = profile.levels;

/** Models that sign their thinking, and want to see the signatures of their calls again. */
export function isSigning(model: string): boolean {
  return model.startsWith("gemini-") && !isOfBudgets(model);
}

/** Undefined where nothing is asked for. */
export function thinkingConfig(request: InternalRequest, model: string): JsonObject | undefined {
  const reasoning = asObject(request["reasoning"]);
  const effort = asText(reasoning?.["effort"]);
  const summary = asText(reasoning?.["summary"]) ?? "none";
  const config = {
    ...(effort === null ? {} : isOfBudgets(model) ? budgetOf(effort, model) : levelOf(effort, model)),
    ...(summary === "none" || effort === "none" ? {} : { includeThoughts: true }),
  };
  return Object.keys(config).length === 0 ? undefined : config;
}

function isOfBudgets(model: string): boolean {
  return /^gemini-[12]\b/.test(model);
}

function budgetOf(effort: string, model: string): JsonObject {
  const budget = BUDGETS[effort] ?? profile.largestBudget;
  return { thinkingBudget: model.includes("pro") ? Math.max(profile.smallestBudgetOfPro, budget) : budget };
}

function levelOf(effort: string, model: string): JsonObject {
  const level = LEVELS[effort] ?? profile.highestLevel;
  return { thinkingLevel: level === "MINIMAL" && model.includes("pro") ? "LOW" : level };
}
