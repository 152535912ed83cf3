// What a request costs to read, as far as it can be told without asking anybody.
// Facts: a picture costs at most about 1,600 tokens, a page of a PDF about as much and stands for some 50 KB of it
// (platform.claude.com/docs/en/build-with-claude/vision, …/pdf-support). A name, a role and the like cost a few for each item.

import { asList, asObject, asText, type JsonObject } from "../kit/json-value.ts";
import type { InternalRequest } from "./internal.ts";

export interface Countable {
  /** Every text that a model reads. */
  readonly texts: readonly string[];
  /** Tokens of all that is no text. */
  readonly others: number;
}

const IMAGE_TOKENS = 1600;
const PAGE_TOKENS = 1600;
const PAGE_BASE64 = 67_000;
const ITEM_TOKENS = 4;

export function countableOf(request: InternalRequest): Countable {
  const sum = { texts: [asText(request.instructions) ?? ""], others: 0 };
  for (const item of request.input) addItem(sum, item);
  for (const tool of asList(request.tools)) addTool(sum, asObject(tool) ?? {});
  const format = asObject(request["text"])?.["format"];
  if (format !== undefined) sum.texts.push(JSON.stringify(format));
  return { texts: sum.texts.filter((text) => text !== ""), others: sum.others };
}

interface Sum {
  readonly texts: string[];
  others: number;
}

function addItem(sum: Sum, item: JsonObject): void {
  sum.others += ITEM_TOKENS;
  for (const key of ["name", "arguments", "input", "encrypted_content"]) {
    const text = asText(item[key]);
    // Sealed reasoning is read as what it says, which is about three quarters of its letters.
    if (text !== null) sum.texts.push(key === "encrypted_content" ? text.slice(0, Math.floor(text.length / 4)) : text);
  }
  for (const key of ["content", "output"]) {
    const value = item[key];
    if (typeof value === "string") sum.texts.push(value);
    else for (const part of asList(value)) addPart(sum, asObject(part) ?? {});
  }
}

function addPart(sum: Sum, part: JsonObject): void {
  if (part["type"] === "input_image") sum.others += IMAGE_TOKENS;
  else if (part["type"] === "input_file") sum.others += PAGE_TOKENS * pagesOf(asText(part["file_data"]));
  else sum.texts.push(asText(part["text"]) ?? asText(part["refusal"]) ?? "");
}

function pagesOf(content: string | null): number {
  return Math.max(1, Math.round((content?.length ?? 0) / PAGE_BASE64));
}

function addTool(sum: Sum, tool: JsonObject): void {
  sum.others += ITEM_TOKENS;
  const { type: _type, strict: _strict, ...told } = tool;
  sum.texts.push(JSON.stringify(told));
}
