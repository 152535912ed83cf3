// The parts of a message's content.
// Facts: the parts of Chat Completions and Responses as the types of the OpenAI SDK 7.55 have them.

import { asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { Item } from "../internal.ts";
import { FaultyRequest } from "../translation.ts";

/** `place` is the path of the value in the request. */
type PartReader = (part: JsonObject, place: string) => Item;

/**
 * Parts of either API are taken, since some clients mix them. Beyond what is read here parts hold marks for the caches of
 * other vendors (`cache_control`) or of the public API (`prompt_cache_breakpoint`); both would be refused upstream.
 */
const INPUT_PARTS: ReadonlyMap<string, PartReader> = new Map([
  ["text", textPart],
  ["input_text", textPart],
  ["output_text", textPart],
  ["image_url", imagePart],
  ["input_image", imagePart],
  ["file", filePart],
  ["input_file", filePart],
  // Audio is passed on: whether a model hears is for the upstream to say, in its own words.
  ["input_audio", audioPart],
]);

/** Content of everybody but the assistant, in the internal form. */
export function inputParts(content: unknown, place: string): Item[] {
  if (typeof content === "string") return [{ type: "input_text", text: content }];
  return partList(content, place).map((part, index) => inputPart(part, `${place}[${index}]`));
}

function inputPart(value: unknown, place: string): Item {
  const { part, type } = typed(value, place);
  const reader = INPUT_PARTS.get(type);
  if (reader === undefined) throw unknownType(place, [...INPUT_PARTS.keys()]);
  return reader(part, place);
}

/** Whether the value is a list of nothing but parts, and not just any list. */
export function isPartList(value: unknown): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every((part) => INPUT_PARTS.has(asText(asObject(part)?.["type"]) ?? ""));
}

/**
 * What the assistant said: text, and refusals as the text they are. Empty texts say nothing and are left out, and so are
 * thoughts, which are no text of the conversation.
 */
export function assistantParts(content: unknown, place: string): Item[] {
  const texts =
    typeof content === "string"
      ? [content]
      : partList(content, place).map((part, index) => spokenText(part, `${place}[${index}]`));
  return texts.filter((text) => text !== "").map((text) => ({ type: "output_text", text }));
}

/** Chat Completions itself knows no pictures, files or sound here, and no upstream takes them: they are refused. */
function spokenText(value: unknown, place: string): string {
  const { part, type } = typed(value, place);
  switch (type) {
    case "text":
    case "input_text":
    case "output_text":
      return required(part["text"], `${place}.text`);
    case "refusal":
      return required(part["refusal"], `${place}.refusal`);
    case "reasoning":
    case "thinking":
    case "redacted_thinking":
      return "";
    default:
      throw unknownType(place, ["text", "refusal"]);
  }
}

function partList(content: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(content)) throw new FaultyRequest(place, `\`${place}\` must be a text or a list of parts.`);
  return content;
}

function typed(value: unknown, place: string): { readonly part: JsonObject; readonly type: string } {
  const part = asObject(value);
  if (part === null) throw new FaultyRequest(place, `\`${place}\` must be an object with a type.`);
  return { part, type: asText(part["type"]) ?? "" };
}

function unknownType(place: string, known: readonly string[]): FaultyRequest {
  return new FaultyRequest(`${place}.type`, `\`${place}.type\` must be one of: ${known.join(", ")}.`);
}

function textPart(part: JsonObject, place: string): Item {
  return { type: "input_text", text: required(part["text"], `${place}.text`) };
}

function imagePart(part: JsonObject, place: string): Item {
  const image = asObject(part["image_url"]) ?? { ...part, url: part["image_url"] };
  const fileId = asText(part["file_id"]);
  const source =
    fileId === null ? { image_url: required(image["url"], `${place}.image_url.url`) } : { file_id: fileId };
  return { type: "input_image", ...source, ...only(image, ["detail"]) };
}

/** A `file_id` is passed on: it is bound to the account that has the file, and the gateway keeps to that one. */
function filePart(part: JsonObject, place: string): Item {
  const file = asObject(part["file"]) ?? part;
  const sources = only(file, ["file_data", "file_id", "file_url"]);
  if (Object.keys(sources).length === 0) {
    throw new FaultyRequest(`${place}.file`, `\`${place}.file\` must have \`file_data\` or \`file_id\`.`);
  }
  return { type: "input_file", ...sources, ...only(file, ["filename"]) };
}

function audioPart(part: JsonObject, place: string): Item {
  const audio = asObject(part["input_audio"]);
  if (audio === null) throw new FaultyRequest(`${place}.input_audio`, `\`${place}.input_audio\` must be an object.`);
  return { type: "input_audio", input_audio: audio };
}

function required(value: unknown, place: string): string {
  if (typeof value !== "string") throw new FaultyRequest(place, `\`${place}\` must be a text.`);
  return value;
}

/** Those of the fields that are texts. */
function only(fields: JsonObject, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const text = asText(fields[key]);
      return text === null ? [] : [[key, text]];
    }),
  );
}
