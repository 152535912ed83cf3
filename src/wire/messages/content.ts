// Content blocks that a person, or a tool, shows to the model.

import { asList, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import { FaultyRequest } from "../translation.ts";

export type Part = JsonObject;

/** Parts of one message; `place` is the path of the blocks in the request. */
export function partsOf(content: unknown, place: string): Part[] {
  if (typeof content === "string") return content === "" ? [] : [text(content)];
  return asList(content).flatMap((block, at) => partsOfBlock(asObject(block) ?? {}, `${place}[${at}]`));
}

export function partsOfBlock(block: JsonObject, place: string): Part[] {
  switch (block["type"]) {
    case "text":
      return textParts(asText(block["text"]) ?? "");
    case "image":
      return [imagePart(asObject(block["source"]) ?? {}, place)];
    case "document":
      return documentParts(block, place);
    case "search_result":
      return searchResultParts(block, place);
    // A tool that was found by searching for tools: its name says all.
    case "tool_reference":
      return textParts(asText(block["tool_name"]) ?? "");
    default:
      throw new FaultyRequest(place, `A content block of type ${quoted(block["type"])} is not supported at ${place}.`);
  }
}

function text(words: string): Part {
  return { type: "input_text", text: words };
}

function textParts(words: string): Part[] {
  return words === "" ? [] : [text(words)];
}

function imagePart(source: JsonObject, place: string): Part {
  switch (source["type"]) {
    case "base64":
      return { type: "input_image", detail: "auto", image_url: dataUrl(source, "image/png") };
    case "url":
      return { type: "input_image", detail: "auto", image_url: asText(source["url"]) ?? "" };
    default:
      throw elsewhere(source, place);
  }
}

function documentParts(block: JsonObject, place: string): Part[] {
  const source = asObject(block["source"]) ?? {};
  const title = asText(block["title"]);
  const heading = [title, asText(block["context"])].filter((words) => words !== null && words !== "").join("\n");
  switch (source["type"]) {
    case "base64":
      return [{ type: "input_file", filename: fileName(title), file_data: dataUrl(source, "application/pdf") }];
    case "url":
      return [{ type: "input_file", file_url: asText(source["url"]) ?? "" }];
    case "text":
      return [...textParts(heading), ...textParts(asText(source["data"]) ?? "")];
    case "content":
      return [...textParts(heading), ...partsOf(source["content"], `${place}.source.content`)];
    default:
      throw elsewhere(source, place);
  }
}

function searchResultParts(block: JsonObject, place: string): Part[] {
  const heading = [asText(block["title"]), asText(block["source"])].filter((words) => words !== null).join("\n");
  return [...textParts(heading), ...partsOf(block["content"], `${place}.content`)];
}

function dataUrl(source: JsonObject, otherwise: string): string {
  return `data:${asText(source["media_type"]) ?? otherwise};base64,${asText(source["data"]) ?? ""}`;
}

/** The kind of a file is told by its name's ending. */
function fileName(title: string | null): string {
  if (title === null || title === "") return "document.pdf";
  return title.toLowerCase().endsWith(".pdf") ? title : `${title}.pdf`;
}

function elsewhere(source: JsonObject, place: string): FaultyRequest {
  const message = `A source of type ${quoted(source["type"])} at ${place} is kept elsewhere; send the content itself, as base64 or by url.`;
  return new FaultyRequest(`${place}.source`, message);
}

function quoted(type: unknown): string {
  return typeof type === "string" ? `"${type.slice(0, 60)}"` : "that is no text";
}
