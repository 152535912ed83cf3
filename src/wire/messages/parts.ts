// Content blocks as parts of an input message or of a tool's output.
// Facts: the block types of the public Messages API (@anthropic-ai/sdk 1.11); Claude Code 2.1 puts `tool_reference` into
// the results of its tool search.

import { asList, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { ToolNames } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";

export type Part = JsonObject;

/** A block and where it stands, as in `messages[2].content[0]`. */
export interface Placed {
  readonly block: JsonObject;
  readonly place: string;
}

/** The blocks of a `content`, which may be a plain text; `null` and nothing are no blocks. */
export function blocksOf(content: unknown, place: string): readonly Placed[] {
  if (content === undefined || content === null) return [];
  if (typeof content === "string") return [{ block: { type: "text", text: content }, place }];
  if (!Array.isArray(content)) throw new FaultyRequest(place, `\`${place}\` must be a text or a list of blocks.`);
  return content.map((entry: unknown, index) => {
    const block = typeof entry === "string" ? { type: "text", text: entry } : asObject(entry);
    if (block === null) throw new FaultyRequest(`${place}[${index}]`, `\`${place}[${index}]\` must be a block.`);
    return { block, place: `${place}[${index}]` };
  });
}

export function inputParts({ block, place }: Placed, names: ToolNames): readonly Part[] {
  switch (block["type"]) {
    case "text":
      return textParts(asText(block["text"]) ?? "");
    case "image":
      return imageParts(block, place);
    case "document":
      return documentParts(block, place, names);
    case "search_result":
      return searchResultParts(block, place, names);
    case "tool_reference":
      // Tools that are loaded late are all given from the start, so that the name is enough.
      return textParts(`The tool ${names.shorten(asText(block["tool_name"]) ?? "")} is available.`);
    default:
      throw unknownBlock(block, place);
  }
}

export function textParts(text: string): readonly Part[] {
  return text === "" ? [] : [{ type: "input_text", text }];
}

export function unknownBlock(block: JsonObject, place: string): FaultyRequest {
  return new FaultyRequest(
    `${place}.type`,
    `Blocks of the type \`${asText(block["type"])}\` cannot stand at ${place}.`,
  );
}

function imageParts(block: JsonObject, place: string): readonly Part[] {
  const source = sourceOf(block, place);
  if (source["type"] === "url") return [{ type: "input_image", image_url: asText(source["url"]) }];
  if (source["type"] !== "base64") throw unknownSource(source, place);
  const bytes = asText(source["data"]) ?? "";
  if (bytes === "") return [];
  return [{ type: "input_image", image_url: `data:${asText(source["media_type"]) ?? "image/png"};base64,${bytes}` }];
}

function documentParts(block: JsonObject, place: string, names: ToolNames): readonly Part[] {
  const source = sourceOf(block, place);
  const title = asText(block["title"]);
  const heading = [title, asText(block["context"])].filter((line) => line !== null).join("\n");
  switch (source["type"]) {
    case "base64":
      return [...textParts(asText(block["context"]) ?? ""), filePart(source, title)];
    case "url":
      return [...textParts(heading), { type: "input_file", file_url: asText(source["url"]) }];
    case "text":
      return [...textParts(heading), ...textParts(asText(source["data"]) ?? "")];
    case "content": {
      const parts = blocksOf(source["content"], `${place}.source.content`).flatMap((inner) => inputParts(inner, names));
      return [...textParts(heading), ...parts];
    }
    default:
      throw unknownSource(source, place);
  }
}

function filePart(source: JsonObject, title: string | null): Part {
  const mediaType = asText(source["media_type"]) ?? "application/pdf";
  const name = title ?? "document";
  const filename = mediaType === "application/pdf" && !/\.pdf$/i.test(name) ? `${name}.pdf` : name;
  return { type: "input_file", filename, file_data: `data:${mediaType};base64,${asText(source["data"]) ?? ""}` };
}

function searchResultParts(block: JsonObject, place: string, names: ToolNames): readonly Part[] {
  const heading = [asText(block["title"]), asText(block["source"])].filter((line) => line !== null).join("\n");
  const parts = blocksOf(asList(block["content"]), `${place}.content`).flatMap((inner) => inputParts(inner, names));
  return [...textParts(heading), ...parts];
}

function sourceOf(block: JsonObject, place: string): JsonObject {
  const source = asObject(block["source"]);
  if (source === null) throw new FaultyRequest(`${place}.source`, `\`${place}.source\` must be an object.`);
  return source;
}

function unknownSource(source: JsonObject, place: string): FaultyRequest {
  const type = asText(source["type"]);
  const why = type === "file" ? "Files are not stored here: send their content." : `\`${type}\` is no source here.`;
  return new FaultyRequest(`${place}.source.type`, why);
}
