// All rules in the order in which the backend is assumed to apply them; the first refusal is the answer.

import type { DemoAccount } from "../account.ts";
import { detail, type Answer } from "../answer.ts";
import type { Exchange } from "../exchange.ts";
import { isFields } from "../stream/request.ts";
import type { CheckedRequest, Rule, Strictness } from "./strictness.ts";

const RULES: readonly Rule[] = [];

export function refuse(
  exchange: Exchange,
  terms: { account: DemoAccount; strictness: Strictness; operation: "turn" | "compact" },
): Answer | null {
  const body = exchange.json;
  if (exchange.isGarbled || !isFields(body)) return detail(400, "Could not parse the request body");
  const items = Array.isArray(body["input"]) ? body["input"].filter(isFields) : [];
  const request: CheckedRequest = { body, items, exchange, ...terms };
  for (const rule of RULES) {
    const refusal = rule(request);
    if (refusal) return refusal;
  }
  return null;
}
