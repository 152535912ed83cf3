// The conversation as messages of two sides that take turns, as Anthropic demands: calls of one turn stand together, and their
// results come first in the turn that follows.

import { asList, asObject, asText, type JsonObject, parseJson } from "../../../kit/json-value.ts";
import type { InternalRequest, Item } from "../../internal.ts";
import { fittingCallId } from "../../tool-names.ts";
import { FaultyRequest } from "../../translation.ts";
import { callOf, CALLS, OUTPUTS, type UpstreamTools } from "../../upstream-tools.ts";
import { blocksOf } from "./blocks.ts";
import { unpackThinking } from "./thinking-pack.ts";

export interface Transcript {
  /** Blocks of the system prompt. */
  readonly system: readonly JsonObject[];
  readonly messages: readonly Message[];
}

export interface Message {
  readonly role: "user" | "assistant";
  readonly content: JsonObject[];
}

/** Tools stand in a field of their own; what a search found stands in the answer after it. */
const UNSAID: ReadonlySet<unknown> = new Set(["additional_tools", "web_search_call"]);

export function transcriptOf(request: InternalRequest, tools: UpstreamTools): Transcript {
  const system: JsonObject[] = [];
  const messages: Message[] = [];
  const instructions = asText(request.instructions) ?? "";
  if (instructions !== "") system.push({ type: "text", text: instructions });
  const turn = (role: Message["role"]): JsonObject[] => {
    const last = messages.at(-1);
    if (last?.role === role) return last.content;
    const message: Message = { role, content: [] };
    messages.push(message);
    return message.content;
  };
  for (const [at, item] of request.input.entries()) {
    const place = `input[${at}]`;
    const { type = "message", role } = item;
    if (UNSAID.has(type)) continue;
    if (type === "message" && role !== "user" && role !== "assistant") {
      const blocks = blocksOf(item["content"], `${place}.content`);
      // What developers say later stays at its place, in the only voice there is for it.
      if (messages.length === 0) system.push(...blocks);
      else turn("user").push(...blocks.map(reminder));
    } else if (type === "message") {
      turn(role === "user" ? "user" : "assistant").push(...blocksOf(item["content"], `${place}.content`));
    } else if (type === "reasoning") {
      const thinking = unpackThinking(item["encrypted_content"]);
      if (thinking !== null) turn("assistant").push(thinking);
    } else if (CALLS.has(type)) turn("assistant").push(toolUse(item, tools));
    else if (OUTPUTS.has(type)) addResult(turn("user"), item, place);
    else throw new FaultyRequest(place, `This upstream cannot be given an item of type "${String(type)}".`);
  }
  // A conversation has to be begun by the user.
  if (messages[0]?.role === "assistant") messages.unshift({ role: "user", content: [{ type: "text", text: "…" }] });
  return { system, messages: messages.filter(({ content }) => content.length > 0) };
}

function reminder(block: JsonObject): JsonObject {
  const text = asText(block["text"]);
  return text === null ? block : { ...block, text: `<system-reminder>\n${text}\n</system-reminder>` };
}

function toolUse(item: Item, tools: UpstreamTools): JsonObject {
  const { id, name, json } = callOf(item, tools);
  return { type: "tool_use", id, name, input: asObject(parseJson(json)) ?? {} };
}

function addResult(content: JsonObject[], item: Item, place: string): void {
  const { output } = item;
  const tool_use_id = fittingCallId(asText(item["call_id"]) ?? "");
  const told = typeof output === "string" ? output : blocksOf(asList(output), `${place}.output`);
  const after = content.findLastIndex(({ type }) => type === "tool_result") + 1;
  content.splice(after, 0, { type: "tool_result", tool_use_id, content: told });
}
