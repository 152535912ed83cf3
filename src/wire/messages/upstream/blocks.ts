// Parts of a message as content blocks.

import { asList, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import { FaultyRequest } from "../../translation.ts";

const DATA_URL = /^data:([\w.+/-]+);base64,(.*)$/s;

export function blocksOf(content: unknown, place: string): JsonObject[] {
  if (typeof content === "string") return textBlocks(content);
  return asList(content).flatMap((part, at) => blockOf(asObject(part) ?? {}, `${place}[${at}]`));
}

function blockOf(part: JsonObject, place: string): JsonObject[] {
  switch (part["type"]) {
    case "input_text":
    case "output_text":
      return textBlocks(asText(part["text"]) ?? "");
    case "refusal":
      return textBlocks(asText(part["refusal"]) ?? "");
    case "input_image":
      return [{ type: "image", source: sourceOf(asText(part["image_url"]), place) }];
    case "input_file":
      return [documentOf(part, place)];
    default:
      throw new FaultyRequest(place, `This upstream cannot be given content of type "${String(part["type"])}".`);
  }
}

/** Empty texts are refused. */
function textBlocks(text: string): JsonObject[] {
  return text === "" ? [] : [{ type: "text", text }];
}

function documentOf(part: JsonObject, place: string): JsonObject {
  const title = asText(part["filename"]);
  const source = sourceOf(asText(part["file_data"]) ?? asText(part["file_url"]), place);
  return { type: "document", source, ...(title === null ? {} : { title }) };
}

function sourceOf(address: string | null, place: string): JsonObject {
  if (address === null)
    throw new FaultyRequest(place, "This upstream takes pictures and files by content or address only.");
  const [, media_type, data] = DATA_URL.exec(address) ?? [];
  return media_type === undefined ? { type: "url", url: address } : { type: "base64", media_type, data };
}
