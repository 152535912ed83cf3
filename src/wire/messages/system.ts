// The system prompt as instructions.
// Facts: the first block that Claude Code 2.1 sends is no instruction but a line for its vendor's accounting. It differs
// from conversation to conversation, so that with it no prompt would ever be found in a cache.

import { asText } from "../../kit/json-value.ts";
import { FaultyRequest } from "../translation.ts";
import { blocksOf } from "./parts.ts";

const ACCOUNTING = "x-anthropic-billing-header:";

export function readSystem(system: unknown): string | undefined {
  const texts = blocksOf(system, "system").map(({ block, place }) => {
    if (block["type"] !== "text") throw new FaultyRequest(`${place}.type`, "The system prompt can only hold texts.");
    return asText(block["text"]) ?? "";
  });
  const kept = texts.filter((text) => text !== "" && !text.startsWith(ACCOUNTING));
  return kept.length === 0 ? undefined : kept.join("\n\n");
}
