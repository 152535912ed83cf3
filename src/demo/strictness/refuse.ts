// All rules, for each operation, in the order in which the backend is assumed to apply them; the first refusal is the answer.

import type { DemoAccount } from "../account.ts";
import { detail, type Answer } from "../answer.ts";
import type { Exchange } from "../exchange.ts";
import { isFields } from "../stream/request.ts";
import { boundRules } from "./bound.ts";
import { callRules } from "./calls.ts";
import { itemRules, systemMessages } from "./items.ts";
import { liteRules } from "./lite.ts";
import { parameterRules } from "./parameters.ts";
import type { CheckedRequest, Rule, Strictness } from "./strictness.ts";
import { toolRules } from "./tools.ts";

const TOOL_RULES = [...toolRules, ...callRules];

const RULES: Readonly<Record<CheckedRequest["operation"], readonly Rule[]>> = {
  turn: [...parameterRules, systemMessages, ...itemRules, ...liteRules, ...TOOL_RULES, ...boundRules],
  compact: [...parameterRules, systemMessages, ...itemRules, ...TOOL_RULES, ...boundRules],
  api: [...itemRules, ...TOOL_RULES, ...boundRules],
};

export function refuse(
  exchange: Exchange,
  terms: { account: DemoAccount; strictness: Strictness; operation: CheckedRequest["operation"] },
): Answer | null {
  const body = exchange.json;
  if (exchange.isGarbled || !isFields(body)) return detail(400, "Could not parse the request body");
  const items = Array.isArray(body["input"]) ? body["input"].filter(isFields) : [];
  const request: CheckedRequest = { body, items, exchange, ...terms };
  for (const rule of RULES[terms.operation]) {
    const refusal = rule(request);
    if (refusal) return refusal;
  }
  return null;
}
