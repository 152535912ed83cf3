// Content of a message as Chat Completions has it.

import { asList, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { Item } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";

/** What a tool has given: a text, for that is all that a message of a tool can hold, and the pictures and files beside it. */
export interface Given {
  readonly text: string;
  readonly shown: readonly JsonObject[];
}

export function givenOf(output: unknown, place: string): Given {
  if (typeof output === "string") return { text: output, shown: [] };
  const parts = asList(output).map((part, at) => partOf(asObject(part) ?? {}, `${place}[${at}]`));
  const texts = parts.flatMap((part) => (part["type"] === "text" ? [asText(part["text"]) ?? ""] : []));
  return { text: texts.join("\n"), shown: parts.filter((part) => part["type"] !== "text") };
}

/** Of messages that are text and nothing else. */
export function textOf(item: Item, place: string): string {
  const { content } = item;
  if (typeof content === "string") return content;
  return asList(content)
    .map((value, at) => {
      const part = asObject(value);
      const text = asText(part?.["text"]) ?? asText(part?.["refusal"]);
      if (text !== null) return text;
      throw new FaultyRequest(`${place}.content[${at}]`, "Only text can stand here for this upstream.");
    })
    .join("");
}

export function partsOf({ content }: Item, place: string): unknown {
  if (typeof content === "string") return content;
  const parts = asList(content).map((part, at) => partOf(asObject(part) ?? {}, `${place}.content[${at}]`));
  const only = parts.length === 1 ? parts[0] : undefined;
  return only?.["type"] === "text" ? only["text"] : parts;
}

function partOf(part: JsonObject, place: string): JsonObject {
  switch (part["type"]) {
    case "input_text":
    case "output_text":
      return { type: "text", text: asText(part["text"]) ?? "" };
    case "input_image": {
      const url = asText(part["image_url"]);
      if (url === null)
        throw new FaultyRequest(place, "This upstream takes pictures by their address or content only.");
      const detail = asText(part["detail"]);
      return { type: "image_url", image_url: { url, ...(detail === null ? {} : { detail }) } };
    }
    case "input_file": {
      const { type: _type, ...file } = part;
      if (file["file_url"] !== undefined) throw new FaultyRequest(place, "This upstream takes files by content only.");
      return { type: "file", file };
    }
    case "input_audio": {
      return { type: "input_audio", input_audio: part["input_audio"] };
    }
    default:
      throw new FaultyRequest(place, `This upstream cannot be given content of type "${String(part["type"])}".`);
  }
}
