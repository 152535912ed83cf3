// An answer as a Messages stream.
// Facts: the events of the public Messages API (@anthropic-ai/sdk 1.11); Claude Code 2.1 counts on `message_start` coming
// first, one block being open at a time, and `message_delta` telling the usage.

import { asNumber, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { InternalEvent, Item } from "../internal.ts";
import type { EventWriter } from "../translation.ts";
import {
  emptyMessage,
  itemsOf,
  messageId,
  type MessageTerms,
  messageUsage,
  noteBlock,
  stopReason,
  type Written,
} from "./answer.ts";
import { BlockLine } from "./block-line.ts";
import { messagesFailureEvent } from "./errors.ts";
import { frame } from "./frame.ts";
import {
  argue,
  finishItem,
  type ItemWriter,
  itemWriter,
  nameCall,
  say,
  settleCall,
  settleSaid,
  think,
} from "./item-writer.ts";

interface StreamState {
  readonly terms: MessageTerms;
  readonly line: BlockLine;
  readonly written: Written;
  /** By output index where events have one, else by the item's id. */
  readonly items: Map<string, ItemWriter>;
  isStarted: boolean;
  isOver: boolean;
}

export function messagesStream(terms: MessageTerms): EventWriter {
  const written: Written = { hasCall: false, hasRefusal: false, searches: 0 };
  const line = new BlockLine((block) => noteBlock(written, block));
  const state: StreamState = { terms, line, written, items: new Map(), isStarted: false, isOver: false };
  return { write: (event) => writeEvent(state, event) };
}

const TERMINALS: ReadonlySet<string> = new Set(["response.completed", "response.done", "response.incomplete"]);

function writeEvent(state: StreamState, event: InternalEvent): string {
  if (state.isOver || !event.type.startsWith("response.")) return "";
  const start = state.isStarted ? "" : startMessage(state, event);
  if (TERMINALS.has(event.type)) return start + endMessage(state, asObject(event["response"]) ?? {});
  takeEvent(state, event);
  return start + state.line.drain();
}

function startMessage(state: StreamState, event: InternalEvent): string {
  state.isStarted = true;
  const usage = { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 };
  const message = emptyMessage(messageId(asObject(event["response"])?.["id"]), state.terms.model);
  return frame("message_start", { message: { ...message, usage } });
}

function takeEvent(state: StreamState, event: InternalEvent): void {
  const part = String(asNumber(event["content_index"]) ?? 0);
  const delta = asText(event["delta"]) ?? "";
  switch (event.type) {
    case "response.output_text.delta":
      return say(writerOf(state, event), part, delta, false);
    case "response.output_text.done":
      return settleSaid(writerOf(state, event), part, asText(event["text"]) ?? "", false);
    case "response.refusal.delta":
      return say(writerOf(state, event), part, delta, true);
    case "response.refusal.done":
      return settleSaid(writerOf(state, event), part, asText(event["refusal"]) ?? "", true);
    case "response.reasoning_summary_text.delta":
      return takeThought(state, event, `summary ${asNumber(event["summary_index"]) ?? 0}`);
    case "response.reasoning_text.delta":
      return takeThought(state, event, `content ${part}`);
    case "response.function_call_arguments.delta":
      return argue(writerOf(state, event), delta);
    case "response.function_call_arguments.done":
      return settleCall(writerOf(state, event), asText(event["arguments"]));
    case "response.output_item.added":
      return takeItem(state, event, false);
    case "response.output_item.done":
      return takeItem(state, event, true);
    default:
  }
}

function takeThought(state: StreamState, event: InternalEvent, part: string): void {
  const writer = writerOf(state, event);
  if (state.terms.display === "text") think(writer, part, asText(event["delta"]) ?? "");
}

function takeItem(state: StreamState, event: InternalEvent, isDone: boolean): void {
  const item = asObject(event["item"]) ?? {};
  const writer = writerOf(state, event, item);
  if (isDone) finishItem(writer, item, state.terms);
  else if (item["type"] === "function_call") nameCall(writer, item, state.terms);
}

/** Ids of one item differ from event to event with some upstreams, places do not. */
function writerOf(state: StreamState, event: JsonObject, item?: Item): ItemWriter {
  const index = asNumber(event["output_index"]);
  return writerNamed(state, index === null ? `id ${asText(event["item_id"] ?? item?.["id"])}` : `${index}`);
}

function writerNamed({ items, line }: StreamState, name: string): ItemWriter {
  let writer = items.get(name);
  if (writer === undefined) {
    writer = itemWriter(line.join());
    items.set(name, writer);
  }
  return writer;
}

/** The last event may repeat all items, or bring some that were never told before. */
function endMessage(state: StreamState, response: JsonObject): string {
  const { line, written, items, terms } = state;
  state.isOver = true;
  for (const [index, item] of itemsOf(response).entries()) {
    const byId = items.get(`id ${asText(item["id"])}`);
    finishItem(byId ?? writerNamed(state, `${index}`), item, terms);
  }
  const out = line.finish();
  written.hasRefusal = [...items.values()].some(({ hasRefusal }) => hasRefusal);
  const reason = stopReason(response, written);
  if (reason === null) return out + messagesFailureEvent(cutShort(response)).toString("utf8");
  const delta = { stop_reason: reason, stop_sequence: null };
  return out + frame("message_delta", { delta, usage: messageUsage(response, written) }) + frame("message_stop", {});
}

function cutShort(response: JsonObject) {
  const reason = asText(asObject(response["incomplete_details"])?.["reason"]) ?? "unknown";
  return {
    code: "upstream_error",
    class: "gateway",
    scope: "request",
    retry: "never",
    message: `The upstream cut its answer short (${reason}).`,
  } as const;
}
