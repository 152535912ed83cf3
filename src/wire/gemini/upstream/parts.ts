// Content of a message, or of a function's output, as parts.
// Facts: ai.google.dev/api/caching#Part; files at public addresses are taken since January 2026.

import { asList, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import { FaultyRequest } from "../../translation.ts";

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=-]+)*;base64,(.*)$/s;
const MIMES: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  json: "application/json",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  html: "text/html",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
};

export function partsOf(content: unknown, place: string): JsonObject[] {
  if (typeof content === "string") return textParts(content);
  return asList(content).flatMap((part, at) => partOf(asObject(part) ?? {}, `${place}[${at}]`));
}

function partOf(part: JsonObject, place: string): JsonObject[] {
  switch (part["type"]) {
    case "input_text":
    case "output_text":
      return textParts(asText(part["text"]) ?? "");
    case "refusal":
      return textParts(asText(part["refusal"]) ?? "");
    case "input_image":
      return [mediaPart(asText(part["image_url"]), null, place)];
    case "input_file":
      return [mediaPart(asText(part["file_data"]) ?? asText(part["file_url"]), asText(part["filename"]), place)];
    case "input_audio":
      return [audioPart(asObject(part["input_audio"]) ?? {})];
    default:
      throw new FaultyRequest(place, `This upstream cannot be given content of type "${String(part["type"])}".`);
  }
}

function textParts(text: string): JsonObject[] {
  return text === "" ? [] : [{ text }];
}

/** `source` is a data URL, an address, or the bare base64 of a file whose name tells its kind. */
function mediaPart(source: string | null, name: string | null, place: string): JsonObject {
  if (source === null) {
    throw new FaultyRequest(place, "This upstream takes pictures and files by content or address only.");
  }
  const [, mimeType, data] = DATA_URL.exec(source) ?? [];
  if (mimeType !== undefined) return { inlineData: { mimeType, data } };
  const isAddress = /^https?:\/\//.test(source);
  const kind = mimeOf(isAddress ? source.replace(/[?#].*$/, "") : (name ?? ""));
  if (isAddress) return { fileData: { fileUri: source, ...(kind === undefined ? {} : { mimeType: kind }) } };
  if (kind === undefined) throw new FaultyRequest(place, "What kind of file this is must be told by a data URL.");
  return { inlineData: { mimeType: kind, data: source } };
}

function audioPart({ format, data }: JsonObject): JsonObject {
  return { inlineData: { mimeType: `audio/${asText(format) ?? "wav"}`, data } };
}

function mimeOf(name: string): string | undefined {
  return MIMES[name.slice(name.lastIndexOf(".") + 1).toLowerCase()];
}
