// Parts of a message as content blocks.
// Facts: platform.claude.com/docs/en/build-with-claude/pdf-support, …/citations: documents are PDFs or plain text, texts without a
// letter are refused.

import { asList, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import { FaultyRequest } from "../../translation.ts";
import { type Media, mediaOf } from "../../upstream-media.ts";

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
      return [{ type: "image", source: sourceOf(given(asText(part["image_url"]), null, place)) }];
    case "input_file":
      return [documentOf(part, place)];
    default:
      throw new FaultyRequest(place, `This upstream cannot be given content of type "${String(part["type"])}".`);
  }
}

function textBlocks(text: string): JsonObject[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}

function documentOf(part: JsonObject, place: string): JsonObject {
  const title = asText(part["filename"]);
  const media = given(asText(part["file_data"]) ?? asText(part["file_url"]), title, place);
  return { type: "document", source: documentSource(media, place), ...(title === null ? {} : { title }) };
}

function documentSource(media: Media, place: string): JsonObject {
  if ("address" in media || media.kind === "application/pdf") return sourceOf(media);
  if (media.kind.startsWith("text/") || media.kind === "application/json") {
    return { type: "text", media_type: "text/plain", data: Buffer.from(media.data, "base64").toString("utf8") };
  }
  throw new FaultyRequest(place, `This upstream reads PDFs and plain text, not files of type "${media.kind}".`);
}

function sourceOf(media: Media): JsonObject {
  if ("address" in media) return { type: "url", url: media.address };
  return { type: "base64", media_type: media.kind, data: media.data };
}

function given(source: string | null, name: string | null, place: string): Media {
  if (source === null) {
    throw new FaultyRequest(place, "This upstream takes pictures and files by content or address only.");
  }
  const media = mediaOf(source, name);
  if (media === null) throw new FaultyRequest(place, "What kind of file this is must be told by a data URL.");
  return media;
}
