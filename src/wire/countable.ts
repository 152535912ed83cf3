// What a request costs to read, as far as it can be told without asking anybody. Where it has to be guessed, rather too
// much: clients shorten a conversation by it, and one that they take for too short is refused upstream.
// Facts: a picture costs at most about 1,600 tokens, and a page of a PDF about as much, for some 50 KB of it
// (platform.claude.com/docs/en/build-with-claude/vision, …/pdf-support). Of sealed reasoning, openai/codex takes three
// quarters of its letters without 650 to be bytes of text, and four of those to be a token.

import { asList, asObject, asText, type JsonObject } from "../kit/json-value.ts";

export interface Countable {
  /** Every text that a model reads. */
  readonly texts: readonly string[];
  /** Tokens of all that is no text. */
  readonly others: number;
}

const IMAGE_TOKENS = 1600;
const PAGE_TOKENS = 1600;
/** Letters of base64. */
const PAGE_LENGTH = 67_000;
/** A role, a name and the like, for each item and tool. */
const FRAME_TOKENS = 4;
const SEAL_OVERHEAD_BYTES = 650;

interface Sum {
  readonly texts: string[];
  others: number;
}

/** Takes any request of the Responses API, well formed or not. */
export function countableOf(request: JsonObject): Countable {
  const sum: Sum = { texts: [], others: 0 };
  addText(sum, request["instructions"]);
  addText(sum, request["input"]);
  for (const item of asList(request["input"])) addItem(sum, asObject(item) ?? {});
  for (const tool of asList(request["tools"])) addTool(sum, asObject(tool) ?? {});
  const format = asObject(asObject(request["text"])?.["format"]);
  if (format !== null) addText(sum, JSON.stringify(format));
  return sum;
}

function addText(sum: Sum, text: unknown): void {
  if (typeof text === "string" && text !== "") sum.texts.push(text);
}

function addItem(sum: Sum, item: JsonObject): void {
  sum.others += FRAME_TOKENS;
  const sealed = asText(item["encrypted_content"]);
  if (sealed !== null) {
    sum.others += Math.max(0, Math.ceil(((sealed.length * 3) / 4 - SEAL_OVERHEAD_BYTES) / 4));
    return;
  }
  const isKnown = ["content", "output", "arguments", "input"].some((key) => key in item);
  if (!isKnown) return addText(sum, JSON.stringify(item));
  for (const key of ["name", "arguments", "input"]) addText(sum, item[key]);
  for (const key of ["content", "output"]) {
    addText(sum, item[key]);
    for (const part of asList(item[key])) addPart(sum, asObject(part) ?? {});
  }
}

function addPart(sum: Sum, part: JsonObject): void {
  switch (part["type"]) {
    case "input_image":
      sum.others += IMAGE_TOKENS;
      break;
    case "input_file":
      sum.others += PAGE_TOKENS * pagesOf(asText(part["file_data"]));
      break;
    default:
      addText(sum, part["text"] ?? part["refusal"]);
  }
}

function pagesOf(content: string | null): number {
  return Math.max(1, Math.round((content?.length ?? 0) / PAGE_LENGTH));
}

function addTool(sum: Sum, tool: JsonObject): void {
  sum.others += FRAME_TOKENS;
  const { type: _type, strict: _strict, ...told } = tool;
  addText(sum, JSON.stringify(told));
}
