// The output items of a response as the input items of the next request: without the fields that only answers have.
// Facts: what Codex 0.125 to 0.169 repeat of an item, and that the ChatGPT backend refuses `status` on reasoning items.

import { asList, asObject, type JsonObject, parseJson } from "../../kit/json-value.ts";
import type { ItemsText } from "./conversation-memory.ts";

/** Of other types the status says how the call ended. */
const STATUS_IS_ANSWERS_OWN: ReadonlySet<unknown> = new Set(["message", "reasoning", "function_call"]);

/** `output` is a JSON list; null when there is nothing in it. */
export function asInputItems(output: Buffer): ItemsText | null {
  const items = asList(parseJson(output)).map((item) => JSON.stringify(asInputItem(asObject(item) ?? {})));
  return items.length === 0 ? null : Buffer.from(items.join(","));
}

function asInputItem(item: JsonObject): JsonObject {
  const kept: Record<string, unknown> = { ...item };
  if (STATUS_IS_ANSWERS_OWN.has(item["type"])) delete kept["status"];
  if (item["type"] === "reasoning" && asList(item["content"]).length === 0) delete kept["content"];
  if (item["type"] === "message" && Array.isArray(item["content"])) kept["content"] = item["content"].map(asInputPart);
  return kept;
}

function asInputPart(part: unknown): unknown {
  const fields = asObject(part);
  if (fields === null) return part;
  const { annotations: _annotations, logprobs: _logprobs, ...kept } = fields;
  return kept;
}
