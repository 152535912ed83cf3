// For tests of formats that are turned into the internal form: is a stream of its events well-formed, and what does it say?
// Written from the reference of the Responses API, apart from the code that writes such streams.

import { asList, asNumber, asObject, asText } from "../kit/json-value.ts";
import type { InternalEvent, Item } from "./internal.ts";

const TERMINALS = new Set(["response.completed", "response.incomplete", "response.failed"]);

/** What is wrong with the stream, in sentences; empty when nothing is. */
export function grammarComplaints(events: readonly InternalEvent[]): string[] {
  const wrong: string[] = [];
  const open = new Map<number, { id: string; text: string }>();
  const done: Item[] = [];
  for (const [at, event] of events.entries()) {
    const { type } = event;
    if (at === 0 && type !== "response.created") wrong.push(`begins with ${type}`);
    if (event["sequence_number"] !== at) wrong.push(`event ${at} has the number ${String(event["sequence_number"])}`);
    if (TERMINALS.has(type) !== (at === events.length - 1)) wrong.push(`${type} at ${at} of ${events.length}`);
    const index = asNumber(event["output_index"]);
    if (index === null) continue;
    const item = asObject(event["item"]);
    if (type === "response.output_item.added") {
      if (open.has(index)) wrong.push(`item ${index} is added twice`);
      open.set(index, { id: asText(item?.["id"]) ?? "", text: "" });
      continue;
    }
    const course = open.get(index);
    if (course === undefined) {
      wrong.push(`${type} of item ${index}, which is not open`);
      continue;
    }
    const id = asText(event["item_id"]) ?? asText(item?.["id"]);
    if (id !== course.id) wrong.push(`${type} calls item ${index} ${id}, not ${course.id}`);
    if (type.endsWith(".delta")) course.text += asText(event["delta"]) ?? "";
    if (type === "response.output_item.done" && item !== null) {
      if (saidBy(item) !== course.text) wrong.push(`item ${index} says ${saidBy(item)}, its deltas ${course.text}`);
      open.delete(index);
      done[index] = item;
    }
  }
  const last = events.at(-1);
  const output = asList(asObject(last?.["response"])?.["output"]);
  const isSame = JSON.stringify(output) === JSON.stringify(done.filter((item) => item !== undefined));
  if (!isSame && last?.type !== "response.failed") wrong.push("the last event's output is not what was finished");
  return wrong;
}

function saidBy(item: Item): string {
  const parts = [...asList(item["content"]), ...asList(item["summary"])].map(asObject);
  const texts = parts.map((part) => asText(part?.["text"]) ?? asText(part?.["refusal"]) ?? "");
  return texts.join("") + (asText(item["arguments"]) ?? "") + (asText(item["input"]) ?? "");
}
