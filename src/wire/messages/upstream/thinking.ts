// How much a model is to think, in the words of its generation.
// Facts: platform.claude.com/docs/en/build-with-claude/adaptive-thinking, …/extended-thinking, …/effort: models up to 4.5 take a
// budget of tokens, at least 1024 and less than the limit of the answer, and want each turn with calls to begin with thinking; later
// ones decide by an effort. What they tell of their thinking differs where nothing is asked for. None thinks where it is forced to use
// a tool.

import { asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest } from "../../internal.ts";
import profile from "./profile.json" with { type: "json" };
import type { Message } from "./transcript.ts";

/** Efforts by the nearest word that Anthropic has; the latest models know `xhigh`, too. */
const EFFORTS: Readonly<Record<string, string>> = profile.efforts;
const BUDGETS: Readonly<Record<string, number>> = profile.budgets;
const LARGEST_BUDGET = profile.largestBudget;
const SMALLEST_BUDGET = 1024;

const THOUGHTLESS = /claude-(?:instant|2|3[-.][05]|3-(?:opus|sonnet|haiku))/;
const OF_BUDGETS = /claude-(?:3[-.]7|(?:opus|sonnet|haiku)-4(?![-.](?:[6-9]|\d\d)\b))/;
const ANTHROPIC = /claude-/;
const OF_4_6 = /claude-(?:opus|sonnet|haiku)-4[-.]6\b/;

interface Asked {
  readonly messages: readonly Message[];
  readonly maxTokens: number;
  /** Whether a tool has to be used. */
  readonly isForced: boolean;
}

/** `thinking` and `output_config`, as far as anything is asked for. */
export function thinkingFields(request: InternalRequest, { messages, maxTokens, isForced }: Asked): JsonObject {
  const reasoning = asObject(request["reasoning"]);
  const effort = asText(reasoning?.["effort"]);
  const model = request.model ?? "";
  if (effort === null || THOUGHTLESS.test(model)) return {};
  if (effort === "none") return { thinking: { type: "disabled" } };
  if (OF_BUDGETS.test(model)) {
    const budget = Math.min(BUDGETS[effort] ?? LARGEST_BUDGET, maxTokens - 1);
    const canThink = budget >= SMALLEST_BUDGET && !isForced && !goesOnWithoutThinking(messages);
    return canThink ? { thinking: { type: "enabled", budget_tokens: budget } } : {};
  }
  const isOwnWord = effort === "xhigh" && isLatest(model);
  const output_config = { effort: isOwnWord ? effort : (EFFORTS[effort] ?? effort) };
  if (isForced) return { output_config };
  const isTold = (asText(reasoning?.["summary"]) ?? "none") !== "none";
  return { thinking: { type: "adaptive", display: isTold ? "summarized" : "omitted" }, output_config };
}

/** Whether temperature and the like are taken: not by models that think, and not by the latest at all. */
export function takesSampling(model: string, { thinking }: JsonObject): boolean {
  const type = asObject(thinking)?.["type"] ?? "disabled";
  return type === "disabled" && !isLatest(model);
}

/** From 4.7 on. */
function isLatest(model: string): boolean {
  return ANTHROPIC.test(model) && ![THOUGHTLESS, OF_BUDGETS, OF_4_6].some((known) => known.test(model));
}

/** Calls that were made without thinking, by another model perhaps, and are answered now. */
function goesOnWithoutThinking(messages: readonly Message[]): boolean {
  const [turn, answer] = messages.slice(-2);
  const isAnswered = answer?.content.some(({ type }) => type === "tool_result") === true;
  const first = turn?.content[0]?.["type"];
  return isAnswered && first !== "thinking" && first !== "redacted_thinking";
}
