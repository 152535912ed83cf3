// What a tool gave back, as the output of a call.

import { parseJson } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";
import { FaultyRequest } from "../translation.ts";
import { inputParts, isPartList } from "./parts.ts";

/**
 * Texts stay as they are, and lists of texts are joined without anything between. Nothing at all is the empty text; any
 * other value is told as its JSON text.
 */
export function toolOutput(content: unknown, place: string): string | readonly Item[] {
  if (typeof content === "string") return picturesIn(content, place) ?? content;
  if (content === null || content === undefined) return "";
  if (!isPartList(content)) return JSON.stringify(content);
  const parts = inputParts(content, place);
  const sound = parts.findIndex(({ type }) => type === "input_audio");
  if (sound >= 0) throw new FaultyRequest(`${place}[${sound}].type`, "The output of a tool cannot hold audio.");
  const isText = parts.every(({ type }) => type === "input_text");
  return isText ? parts.map(({ text }) => text).join("") : parts;
}

const PICTURE = /"type":\s*"(?:image_url|input_image)"/;

/**
 * Some clients write a list of parts as text, since the API takes no pictures here; only then is the text looked into.
 * Null for a text that is none, or only looks like it.
 */
function picturesIn(text: string, place: string): readonly Item[] | null {
  const list = text.startsWith("[") && PICTURE.test(text) ? parseJson(text) : null;
  if (!isPartList(list)) return null;
  try {
    return inputParts(list, place);
  } catch (error) {
    if (error instanceof FaultyRequest) return null;
    throw error;
  }
}
