// The messages of a conversation as items.

import { asList, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";
import { FaultyRequest } from "../translation.ts";
import { CallPairs } from "./call-pairs.ts";
import { assistantParts, inputParts } from "./parts.ts";
import { toolOutput } from "./tool-output.ts";
import type { DeclaredTools } from "./tools.ts";

interface Conversation {
  readonly declared: DeclaredTools;
  readonly pairs: CallPairs;
}

/** `place` is the path of the message in the request. */
type MessageReader = (message: JsonObject, place: string, conversation: Conversation) => readonly Item[];

const ROLES: ReadonlyMap<string, MessageReader> = new Map<string, MessageReader>([
  // A message at its place, not `instructions`: some stand in the middle of a conversation. ChatGPT refuses role system.
  ["system", messageOf("developer")],
  ["developer", messageOf("developer")],
  ["user", messageOf("user")],
  ["assistant", assistantItems],
  ["tool", (message, place, conversation) => outputItems(message, place, conversation, null)],
  ["function", functionOutput],
]);

export function itemsOfMessages(messages: unknown, declared: DeclaredTools): Item[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new FaultyRequest("messages", "`messages` must be a list of at least one message.");
  }
  const conversation = { declared, pairs: new CallPairs() };
  const items = messages.flatMap((message, index) => itemsOf(message, `messages[${index}]`, conversation));
  conversation.pairs.requireAnswers();
  return items;
}

/**
 * What has a place in the internal form. `name` and whatever else clients write into messages would be refused upstream;
 * `reasoning_content` is the thinking of an earlier answer, which is no text of the conversation.
 */
const TAKEN_OVER = new Set(["role", "content", "refusal", "tool_calls", "tool_call_id", "function_call", "audio"]);

/** The fields of messages that are lost, as `messages[].name`. */
export function lostOfMessages(messages: unknown): string[] {
  const lost = asList(messages).flatMap((message) =>
    Object.entries(asObject(message) ?? {}).flatMap(([key, value]) =>
      value === null || TAKEN_OVER.has(key) ? [] : [key],
    ),
  );
  return [...new Set(lost)].map((key) => `messages[].${key}`);
}

function itemsOf(value: unknown, place: string, conversation: Conversation): readonly Item[] {
  const message = asObject(value);
  if (message === null) throw new FaultyRequest(place, `\`${place}\` must be an object.`);
  const reader = ROLES.get(asText(message["role"]) ?? "");
  if (reader !== undefined) return reader(message, place, conversation);
  throw new FaultyRequest(`${place}.role`, `\`${place}.role\` must be one of: ${[...ROLES.keys()].join(", ")}.`);
}

function messageOf(role: string): MessageReader {
  return ({ content }, place) => [{ type: "message", role, content: inputParts(content, `${place}.content`) }];
}

/** The text first, then the calls: a message in between would part them from their outputs. */
function assistantItems(message: JsonObject, place: string, conversation: Conversation): readonly Item[] {
  if ((message["audio"] ?? null) !== null) {
    throw new FaultyRequest(`${place}.audio`, "Earlier audio answers cannot be referred to; send their transcript.");
  }
  const content = [
    ...assistantParts(message["content"] ?? "", `${place}.content`),
    ...assistantParts(asText(message["refusal"]) ?? "", `${place}.refusal`),
  ];
  return [
    // An empty message would say nothing, and stand between calls and outputs.
    ...(content.length === 0 ? [] : [{ type: "message", role: "assistant", content }]),
    ...callItems(message, place, conversation),
  ];
}

/** A client that knows tool calls and repeats the only one in the legacy form means one call. */
function callItems(message: JsonObject, place: string, conversation: Conversation): readonly Item[] {
  const calls = message["tool_calls"] ?? [];
  if (!Array.isArray(calls)) throw new FaultyRequest(`${place}.tool_calls`, `\`${place}.tool_calls\` must be a list.`);
  const legacy = asObject(message["function_call"]);
  if (calls.length === 0 && legacy !== null) {
    return [callItem({ function: legacy }, `${place}.function_call`, conversation)];
  }
  return calls.map((call, index) => callItem(call, `${place}.tool_calls[${index}]`, conversation));
}

function callItem(value: unknown, place: string, { declared, pairs }: Conversation): Item {
  const call = asObject(value);
  if (call === null) throw new FaultyRequest(place, `\`${place}\` must be an object.`);
  const custom = asObject(call["custom"]);
  const field = custom === null ? "function" : "custom";
  const made = custom ?? asObject(call["function"]);
  const name = asText(made?.["name"]);
  if (made === null || name === null || name === "") {
    throw new FaultyRequest(`${place}.${field}.name`, `\`${place}.${field}.name\` must be a name.`);
  }
  // The declaration decides: clients without custom calls of their own write them as calls of functions.
  const kind = declared.kinds.get(name) ?? field;
  return pairs.call({
    clientId: idOf(call["id"], `${place}.id`),
    name: declared.names.shorten(name),
    isCustom: kind !== "function",
    text: argumentText(made["arguments"] ?? made["input"], `${place}.${field}.arguments`),
    place,
  });
}

/** Some clients send arguments as the object that they are the text of. */
function argumentText(value: unknown, place: string): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "{}";
  if (asObject(value) !== null) return JSON.stringify(value);
  throw new FaultyRequest(place, `\`${place}\` must be a text.`);
}

function functionOutput(message: JsonObject, place: string, conversation: Conversation): readonly Item[] {
  const name = asText(message["name"]);
  return outputItems(message, place, conversation, name === null ? null : conversation.declared.names.shorten(name));
}

function outputItems(
  message: JsonObject,
  place: string,
  { pairs }: Conversation,
  name: string | null,
): readonly Item[] {
  const item = pairs.output({
    clientId: idOf(message["tool_call_id"], `${place}.tool_call_id`),
    name,
    output: toolOutput(message["content"], `${place}.content`),
    place,
  });
  return item === null ? [] : [item];
}

function idOf(value: unknown, place: string): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value !== "string") throw new FaultyRequest(place, `\`${place}\` must be a text.`);
  return value;
}
