// What finished items of the internal form are in content blocks of a message.

import { asList, asObject, asText, type JsonObject, parseJson } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";
import { packSeal } from "../reasoning-seal.ts";
import { fittingCallId, type ToolNames } from "../tool-names.ts";
import type { AnswerTerms } from "../translation.ts";

/** What the request lays down for its answer. */
export interface MessageTerms extends AnswerTerms {
  readonly names: ToolNames;
  /** A client that did not ask for thinking is shown none. */
  readonly isThinking: boolean;
}

/** Empty for items that no client of this format can see. */
export function blocksOf(item: Item, terms: MessageTerms): readonly JsonObject[] {
  switch (item["type"]) {
    case "message":
      return textBlocks(spokenText(item));
    case "reasoning":
      return thinkingBlocks(item, terms);
    case "function_call":
      return [callBlock(item, terms.names)];
    case "web_search_call":
      return searchBlocks(item);
    default:
      return [];
  }
}

/** All that was said in one message, refusals included. */
export function spokenText(item: Item): string {
  const parts = asList(item["content"]).map(asObject);
  return parts.map((part) => asText(part?.["text"]) ?? asText(part?.["refusal"]) ?? "").join("");
}

export function isRefusal(item: Item): boolean {
  return asList(item["content"]).some((part) => asObject(part)?.["type"] === "refusal");
}

/** Parts of a summary are paragraphs. */
export function thinkingText(item: Item): string {
  const texts = asList(item["summary"]).map((part) => asText(asObject(part)?.["text"]) ?? "");
  return texts.join("\n\n");
}

/** Empty when nothing is sealed: unsigned thinking is worth nothing when it comes back. */
export function signatureOf(item: Item, { owner }: MessageTerms): string {
  const ciphertext = asText(item["encrypted_content"]);
  return ciphertext === null ? "" : packSeal({ owner, ciphertext });
}

export function callStart(item: Item, names: ToolNames): JsonObject {
  const id = fittingCallId(asText(item["call_id"]) ?? asText(item["id"]) ?? "");
  return { type: "tool_use", id, name: names.restore(asText(item["name"]) ?? ""), input: {} };
}

/** What a search looked for, and the block that stands for its outcome; the upstream tells no results of their own. */
export function searchBlocks(item: Item): readonly JsonObject[] {
  const id = `srvtoolu_${fittingCallId(asText(item["id"]) ?? "search")}`.slice(0, 64);
  const action = asObject(item["action"]);
  const query = asText(action?.["query"]) ?? asText(asList(action?.["queries"])[0]) ?? "";
  const sources = asList(action?.["sources"]).flatMap((source) => asText(asObject(source)?.["url"]) ?? []);
  const content = sources.map((url) => ({ type: "web_search_result", url, title: url, encrypted_content: "" }));
  return [
    { type: "server_tool_use", id, name: "web_search", input: { query } },
    { type: "web_search_tool_result", tool_use_id: id, content },
  ];
}

function textBlocks(text: string): readonly JsonObject[] {
  return text === "" ? [] : [{ type: "text", text }];
}

function thinkingBlocks(item: Item, terms: MessageTerms): readonly JsonObject[] {
  const thinking = thinkingText(item);
  const signature = signatureOf(item, terms);
  if (!terms.isThinking || (thinking === "" && signature === "")) return [];
  return [{ type: "thinking", thinking, signature }];
}

function callBlock(item: Item, names: ToolNames): JsonObject {
  return { ...callStart(item, names), input: asObject(parseJson(asText(item["arguments"]) ?? "")) ?? {} };
}
