// Writes one output item as content blocks, from its deltas as they come and from the finished item: each piece once,
// whichever of them brings it.

import { asText } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";
import {
  type Block,
  type MessageTerms,
  type SaidPart,
  saidParts,
  searchBlocks,
  thinkingBlock,
  thoughts,
  toolUseBlock,
} from "./answer.ts";
import { openBlock, type OpenBlock, type Place } from "./block-line.ts";

/** A block that is written piece by piece, and the whole of what was written to it. */
interface Piecewise {
  readonly block: OpenBlock;
  text: string;
}

export interface ItemWriter {
  readonly place: Place;
  /** By the part of the item that they tell. */
  readonly parts: Map<string, Piecewise>;
  /** The part that was written last. */
  lastPart: string;
  /** Arguments that came before the name of their tool. */
  early: string;
  hasRefusal: boolean;
}

export function itemWriter(place: Place): ItemWriter {
  return { place, parts: new Map(), lastPart: "", early: "", hasRefusal: false };
}

const CALL = "call";
const THOUGHT = "thought";

export function say(writer: ItemWriter, part: string, text: string, isRefusal: boolean): void {
  if (isRefusal) writer.hasRefusal = true;
  add(writer, part, text, { type: "text", text: "" });
}

/** `part` is the part of the summary, between which stands a blank line. */
export function think(writer: ItemWriter, part: string, text: string): void {
  if (text === "") return;
  const isNext = writer.lastPart !== "" && writer.lastPart !== part;
  writer.lastPart = part;
  add(writer, THOUGHT, isNext ? `\n\n${text}` : text, { type: "thinking", thinking: "", signature: "" });
}

/** The call is known by name from here on. */
export function nameCall(writer: ItemWriter, item: Item, terms: MessageTerms): void {
  const start = toolUseBlock(item, terms);
  if (start === null || writer.parts.has(CALL) || writer.place.isDone) return;
  writer.parts.set(CALL, { block: openBlock(writer.place, start), text: "" });
  argue(writer, writer.early);
}

export function argue(writer: ItemWriter, text: string): void {
  const call = writer.parts.get(CALL);
  if (call === undefined) writer.early += text;
  else append(call, text);
}

/** `whole` is all that was to be written; nothing is, where it contradicts what has been. */
export function settleCall(writer: ItemWriter, whole: string | null): void {
  const call = writer.parts.get(CALL);
  if (whole === null) return;
  if (call === undefined) writer.early = whole;
  else settle(call, whole);
}

export function settleSaid(writer: ItemWriter, part: string, whole: string, isRefusal: boolean): void {
  const said = writer.parts.get(part);
  if (said === undefined) say(writer, part, whole, isRefusal);
  else settle(said, whole);
}

/** The item is over: whatever of it is missing is written now. */
export function finishItem(writer: ItemWriter, item: Item, terms: MessageTerms): void {
  if (writer.place.isDone) return;
  switch (item["type"]) {
    case "message":
      for (const part of saidParts(item)) finishSaid(writer, part);
      break;
    case "reasoning":
      finishThought(writer, item, terms);
      break;
    case "function_call":
      nameCall(writer, item, terms);
      settleCall(writer, asText(item["arguments"]));
      break;
    case "web_search_call":
      for (const block of searchBlocks(item)) addSearch(writer.place, block);
      break;
    default:
  }
  writer.place.isDone = true;
}

function finishSaid(writer: ItemWriter, { index, text, isRefusal, citations }: SaidPart): void {
  const key = String(index);
  settleSaid(writer, key, text, isRefusal);
  const block = writer.parts.get(key)?.block;
  if (block !== undefined && isOpen(writer, block)) {
    block.waiting.push(...citations.map((found) => ({ type: "citations_delta", citation: found })));
  }
}

/** Its signature is only certain at the end: the one that comes with the beginning is another. */
function finishThought(writer: ItemWriter, item: Item, terms: MessageTerms): void {
  const text = thoughts(item);
  const whole = thinkingBlock(text, item, terms);
  const begun = writer.parts.get(THOUGHT);
  if (whole === null && begun === undefined) return;
  if (whole !== null && begun === undefined && whole.type === "redacted_thinking") {
    openBlock(writer.place, whole);
    return;
  }
  const start = { type: "thinking", thinking: "", signature: "" };
  const thought = begun ?? { block: openBlock(writer.place, start), text: "" };
  if (terms.display === "text") settle(thought, text);
  const sealed = whole ?? thinkingBlock(thought.text, item, terms);
  const signature = asText(sealed?.["signature"]) ?? asText(sealed?.["data"]) ?? "";
  if (signature !== "") thought.block.waiting.push({ type: "signature_delta", signature });
}

function addSearch(place: Place, block: Block): void {
  const isCall = block.type === "server_tool_use";
  const opened = openBlock(place, isCall ? { ...block, input: {} } : block);
  if (isCall) opened.waiting.push({ type: "input_json_delta", partial_json: JSON.stringify(block["input"]) });
  opened.isDone = true;
}

function add(writer: ItemWriter, part: string, text: string, start: Block): void {
  if (text === "" || writer.place.isDone) return;
  let piecewise = writer.parts.get(part);
  if (piecewise === undefined) {
    piecewise = { block: openBlock(writer.place, start), text: "" };
    writer.parts.set(part, piecewise);
  } else if (!isOpen(writer, piecewise.block)) return;
  append(piecewise, text);
}

function isOpen({ place }: ItemWriter, block: OpenBlock): boolean {
  return place.blocks.includes(block);
}

function append(piecewise: Piecewise, text: string): void {
  if (text === "") return;
  piecewise.text += text;
  piecewise.block.waiting.push(deltaOf(piecewise.block.start, text));
}

function settle(piecewise: Piecewise, whole: string): void {
  if (whole.startsWith(piecewise.text)) append(piecewise, whole.slice(piecewise.text.length));
}

function deltaOf({ type }: Block, text: string) {
  if (type === "thinking") return { type: "thinking_delta", thinking: text };
  if (type === "tool_use") return { type: "input_json_delta", partial_json: text };
  return { type: "text_delta", text };
}
