// What a Messages answer is made of, whether it is streamed or given whole.
// Facts: the content blocks, stop reasons and usage of the public Messages API (@anthropic-ai/sdk 1.11).

import { asList, asNumber, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { InternalAnswer, Item } from "../internal.ts";
import { packSeal } from "../reasoning-seal.ts";
import { readUsage } from "../responses/events.ts";
import { fittingCallId, type ToolNames } from "../tool-names.ts";
import type { AnswerTerms } from "../translation.ts";
import type { ThinkingDisplay } from "./thinking.ts";

export interface MessageTerms extends AnswerTerms {
  readonly names: ToolNames;
  readonly display: ThinkingDisplay;
}

/** A content block with everything in it; `thinking`, `text` and `input` are what a stream sends in pieces. */
export type Block = JsonObject & { readonly type: string };

export function messageId(responseId: unknown): string {
  return `msg_${fittingCallId((asText(responseId) ?? "").replace(/^resp_/, "") || "0")}`;
}

/** A part of a message that says something; refusals are said as text. */
export interface SaidPart {
  /** Its place among the parts. */
  readonly index: number;
  readonly text: string;
  readonly isRefusal: boolean;
  readonly citations: readonly JsonObject[];
}

export function saidParts(item: Item): readonly SaidPart[] {
  return asList(item["content"]).flatMap((value, index) => {
    const part = asObject(value) ?? {};
    const isRefusal = part["type"] === "refusal";
    const text = asText(isRefusal ? part["refusal"] : part["text"]) ?? "";
    return text === "" ? [] : [{ index, text, isRefusal, citations: asList(part["annotations"]).flatMap(citation) }];
  });
}

function citation(annotation: unknown): readonly JsonObject[] {
  const { type, url, title } = asObject(annotation) ?? {};
  if (type !== "url_citation" || typeof url !== "string") return [];
  const place = { url, title: asText(title), cited_text: "", encrypted_index: "" };
  return [{ type: "web_search_result_location", ...place }];
}

/** Its parts, a blank line between them. */
export function thoughts(item: Item): string {
  const parts = [...asList(item["summary"]), ...asList(item["content"])];
  const texts = parts.map((part) => asText(asObject(part)?.["text"]) ?? "");
  return texts.filter((text) => text !== "").join("\n\n");
}

/** Null for reasoning of which the client is to see nothing. `text` is what there is to read of it. */
export function thinkingBlock(text: string, item: Item, { display, owner }: MessageTerms): Block | null {
  const ciphertext = asText(item["encrypted_content"]) ?? "";
  const signature = ciphertext === "" ? "" : packSeal({ owner, ciphertext });
  if (display === "nothing" || (signature === "" && (text === "" || display === "sealed"))) return null;
  if (display === "sealed") return { type: "thinking", thinking: "", signature };
  // A thinking block without a text is refused when the conversation goes on at its vendor's.
  return text === "" ? { type: "redacted_thinking", data: signature } : { type: "thinking", thinking: text, signature };
}

export function toolUseBlock(item: Item, { names }: MessageTerms): Block | null {
  const name = asText(item["name"]) ?? "";
  if (name === "") return null;
  const id = fittingCallId(asText(item["call_id"]) ?? asText(item["id"]) ?? name);
  return { type: "tool_use", id, name: names.restore(name), input: {} };
}

/** A search that was made upstream, and what it found; no blocks for what was merely opened and read. */
export function searchBlocks(item: Item): readonly Block[] {
  const action = asObject(item["action"]) ?? {};
  const query = asText(action["query"]) ?? asText(asList(action["queries"])[0]);
  if ((action["type"] ?? "search") !== "search" || query === null) return [];
  const id = `srvtoolu_${fittingCallId((asText(item["id"]) ?? "").replace(/^ws_/, "") || "0")}`;
  const found = asList(action["sources"]).flatMap((source): JsonObject[] => {
    const { url, title } = asObject(source) ?? {};
    if (typeof url !== "string") return [];
    const seen = { url, title: asText(title) ?? url, encrypted_content: "", page_age: null };
    return [{ type: "web_search_result", ...seen }];
  });
  const failed = { type: "web_search_tool_result_error", error_code: "unavailable" };
  return [
    { type: "server_tool_use", id, name: "web_search", input: { query } },
    { type: "web_search_tool_result", tool_use_id: id, content: item["status"] === "failed" ? failed : found },
  ];
}

/** What the stop reason depends on beside the way the answer ended. */
export interface Written {
  hasCall: boolean;
  hasRefusal: boolean;
  searches: number;
}

export function noteBlock(written: Written, block: Block): void {
  if (block.type === "tool_use") written.hasCall = true;
  if (block.type === "web_search_tool_result" && Array.isArray(block["content"])) written.searches += 1;
}

/** Null for an answer that was cut short for a reason that the format has no word for. */
export function stopReason(response: JsonObject, { hasCall, hasRefusal }: Written): string | null {
  const reason = asText(asObject(response["incomplete_details"])?.["reason"]);
  if (reason === "max_output_tokens") return "max_tokens";
  if (reason === "content_filter") return "refusal";
  if (reason !== null || response["status"] === "incomplete") return null;
  if (hasCall) return "tool_use";
  if (hasRefusal) return "refusal";
  // The model wants to go on without having called anything: a client is to send the conversation again.
  return response["end_turn"] === false ? "pause_turn" : "end_turn";
}

/** What was read from a cache or written to one is counted apart, unlike upstream. */
export function messageUsage(response: JsonObject, { searches }: Written): JsonObject {
  const usage = readUsage(response["usage"]);
  const details = asObject(asObject(response["usage"])?.["input_tokens_details"]);
  const cached = usage?.cachedInput ?? 0;
  const cacheWrites = asNumber(details?.["cache_write_tokens"]) ?? 0;
  return {
    input_tokens: Math.max(0, (usage?.input ?? 0) - cached - cacheWrites),
    cache_creation_input_tokens: cacheWrites,
    cache_read_input_tokens: cached,
    output_tokens: usage?.output ?? 0,
    output_tokens_details: { thinking_tokens: usage?.reasoningOutput ?? 0 },
    ...(searches > 0 ? { server_tool_use: { web_search_requests: searches } } : {}),
  };
}

export function emptyMessage(id: string, model: string): JsonObject {
  return { id, type: "message", role: "assistant", model, content: [], stop_reason: null, stop_sequence: null };
}

/** The finished items of an answer. */
export function itemsOf(response: JsonObject | InternalAnswer): readonly Item[] {
  return asList(response["output"]).flatMap((value): Item[] => {
    const item = asObject(value);
    return item === null ? [] : [item];
  });
}
