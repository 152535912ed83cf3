// A finished answer as the events that it would have come in, for upstreams that answer whole where a stream was asked for.

import { asList, asObject, asText } from "../kit/json-value.ts";
import type { InternalAnswer, InternalEvent, Item } from "./internal.ts";

const TERMINALS: Readonly<Record<string, string>> = {
  incomplete: "response.incomplete",
  failed: "response.failed",
};

export function eventsOfAnswer(answer: InternalAnswer): readonly InternalEvent[] {
  const begun = { ...answer, status: "in_progress", output: [], usage: null };
  const items = answer.output.flatMap((item, index) => itemEvents(item, index));
  const type = TERMINALS[answer.status ?? ""] ?? "response.completed";
  const events = [{ type: "response.created", response: begun }, ...items, { type, response: answer }];
  return events.map((event, index) => ({ ...event, sequence_number: index }));
}

function itemEvents(item: Item, index: number): InternalEvent[] {
  const place = { item_id: item["id"], output_index: index };
  return [
    { type: "response.output_item.added", output_index: index, item: emptied(item) },
    ...deltasOf(item, place),
    { type: "response.output_item.done", output_index: index, item },
  ];
}

/** The item as it is announced: nothing of it said yet. */
function emptied(item: Item): Item {
  const status = item["status"] === undefined ? {} : { status: "in_progress" };
  switch (item["type"]) {
    case "message":
      return { ...item, ...status, content: [] };
    case "reasoning":
      return { ...item, ...status, summary: [] };
    case "function_call":
      return { ...item, ...status, arguments: "" };
    case "custom_tool_call":
      return { ...item, ...status, input: "" };
    default:
      return item;
  }
}

type Place = Readonly<Record<string, unknown>>;

function deltasOf(item: Item, place: Place): InternalEvent[] {
  switch (item["type"]) {
    case "message":
      return asList(item["content"]).flatMap((part, at) => partEvents(part, { ...place, content_index: at }));
    case "reasoning":
      return asList(item["summary"]).flatMap((part, at) => summaryEvents(part, { ...place, summary_index: at }));
    case "function_call":
      return [{ type: "response.function_call_arguments.delta", ...place, delta: item["arguments"] }];
    default:
      return [];
  }
}

function partEvents(value: unknown, place: Place): InternalEvent[] {
  const part = asObject(value) ?? {};
  const isRefusal = part["type"] === "refusal";
  const told = asText(part[isRefusal ? "refusal" : "text"]) ?? "";
  const kind = isRefusal ? "refusal" : "output_text";
  return [
    { type: "response.content_part.added", ...place, part: { ...part, [isRefusal ? "refusal" : "text"]: "" } },
    { type: `response.${kind}.delta`, ...place, delta: told },
    { type: `response.${kind}.done`, ...place, [isRefusal ? "refusal" : "text"]: told },
    { type: "response.content_part.done", ...place, part },
  ];
}

function summaryEvents(value: unknown, place: Place): InternalEvent[] {
  const part = asObject(value) ?? {};
  const told = asText(part["text"]) ?? "";
  return [
    { type: "response.reasoning_summary_part.added", ...place, part: { ...part, text: "" } },
    { type: "response.reasoning_summary_text.delta", ...place, delta: told },
    { type: "response.reasoning_summary_text.done", ...place, text: told },
    { type: "response.reasoning_summary_part.done", ...place, part },
  ];
}
