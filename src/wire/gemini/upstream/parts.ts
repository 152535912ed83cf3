// Content of a message, or of a function's output, as parts.
// Facts: ai.google.dev/api/caching#Part; files at public addresses are taken since January 2026.

import { asList, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import { FaultyRequest } from "../../translation.ts";
import { mediaOf } from "../../upstream-media.ts";

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

function mediaPart(source: string | null, name: string | null, place: string): JsonObject {
  if (source === null) {
    throw new FaultyRequest(place, "This upstream takes pictures and files by content or address only.");
  }
  const media = mediaOf(source, name);
  if (media === null) throw new FaultyRequest(place, "What kind of file this is must be told by a data URL.");
  if ("data" in media) return { inlineData: { mimeType: media.kind, data: media.data } };
  return { fileData: { fileUri: media.address, ...(media.kind === null ? {} : { mimeType: media.kind }) } };
}

function audioPart({ format, data }: JsonObject): JsonObject {
  return { inlineData: { mimeType: `audio/${asText(format) ?? "wav"}`, data } };
}
