// How much the model is to think, and what the client gets to see of it.
// Facts: the ways of thinking of the public Messages API (@anthropic-ai/sdk 1.11); Claude Code 2.1 asks for `updates`.

import { asNumber, asObject, type JsonObject } from "../../kit/json-value.ts";
import { effortForBudget } from "../thinking-budget.ts";

/** `sealed`: the text is left out, and only what carries the thinking over to the next turn is sent. */
export type ThinkingDisplay = "text" | "sealed" | "nothing";

export interface Thinking {
  readonly reasoning: JsonObject | undefined;
  readonly display: ThinkingDisplay;
}

const EFFORTS: ReadonlySet<string> = new Set(["none", "minimal", "low", "medium", "high", "xhigh", "max"]);

/** `asked` is an effort that was asked for by its name. Clients that ask for no thinking are shown none. */
export function readThinking(value: unknown, asked: string | null, dropped: Set<string>): Thinking {
  const thinking = asObject(value);
  const type = thinking?.["type"] ?? "disabled";
  // Upstreams think unless they are told not to.
  if (thinking !== null && type === "disabled") return { reasoning: { effort: "none" }, display: "nothing" };
  const budget = asNumber(thinking?.["budget_tokens"]);
  const effort = named(asked, dropped) ?? (budget === null ? undefined : effortForBudget(budget));
  if (thinking === null) return { reasoning: effort === undefined ? undefined : { effort }, display: "nothing" };
  const display = thinking["display"] === "omitted" ? "sealed" : "text";
  return { reasoning: { effort, summary: display === "text" ? "auto" : undefined }, display };
}

function named(effort: string | null, dropped: Set<string>): string | undefined {
  if (effort === null) return undefined;
  if (EFFORTS.has(effort)) return effort;
  dropped.add("output_config.effort");
  return undefined;
}
