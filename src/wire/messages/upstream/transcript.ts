// The conversation as messages of two sides that take turns, as Anthropic demands: calls of one turn stand together, and their
// results come first in the turn that follows.

import { asList, asObject, asText, type JsonObject, parseJson } from "../../../kit/json-value.ts";
import type { InternalRequest, Item } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import { callOf, CALLS, OUTPUTS, type UpstreamTools } from "../../upstream-tools.ts";
import { inTurns, type Placed } from "../../upstream-turns.ts";
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

export function transcriptOf(request: InternalRequest, tools: UpstreamTools): Transcript {
  const system = blocksOf(asText(request.instructions) ?? "", "instructions");
  const messages: Message[] = [];
  for (const placed of inTurns(request.input, tools)) {
    const [role, blocks] = turnOf(placed, tools);
    if (role === "system" && messages.length === 0 && blocks.every(({ type }) => type === "text")) {
      system.push(...blocks);
    } else if (blocks.length > 0) {
      // What developers say later stays at its place, in the only voice there is for it.
      const content = role === "system" ? blocks.map(reminder) : blocks;
      const side = role === "assistant" ? "assistant" : "user";
      const last = messages.at(-1);
      if (last?.role === side) last.content.push(...content);
      else messages.push({ role: side, content: [...content] });
    }
  }
  // A conversation has to be begun by the user.
  if (messages[0]?.role === "assistant") messages.unshift({ role: "user", content: [{ type: "text", text: "…" }] });
  return { system, messages };
}

function turnOf({ item, place }: Placed, tools: UpstreamTools): [Message["role"] | "system", JsonObject[]] {
  const { type = "message", role } = item;
  if (type === "message") {
    const speaker = role === "user" || role === "assistant" ? role : "system";
    return [speaker, blocksOf(item["content"], `${place}.content`)];
  }
  if (type === "reasoning") {
    const thinking = unpackThinking(item["encrypted_content"]);
    return ["assistant", thinking === null ? [] : [thinking]];
  }
  if (CALLS.has(type)) return ["assistant", [toolUse(item, tools)]];
  if (OUTPUTS.has(type)) return ["user", [resultOf(item, place)]];
  throw new FaultyRequest(place, `This upstream cannot be given an item of type "${String(type)}".`);
}

function reminder(block: JsonObject): JsonObject {
  const text = asText(block["text"]);
  return text === null ? block : { ...block, text: `<system-reminder>\n${text}\n</system-reminder>` };
}

function toolUse(item: Item, tools: UpstreamTools): JsonObject {
  const { id, name, json } = callOf(item, tools);
  // What is no object was cut off, and is passed on as it is.
  return { type: "tool_use", id, name, input: asObject(parseJson(json)) ?? { arguments: json } };
}

function resultOf({ call_id: tool_use_id, output }: Item, place: string): JsonObject {
  const content = typeof output === "string" ? output : blocksOf(asList(output), `${place}.output`);
  return { type: "tool_result", tool_use_id, content };
}
