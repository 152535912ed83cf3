// The conversation as messages: what belongs to one turn of the assistant is one message, as servers of this format demand.

import { asList, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest, Item } from "../../internal.ts";
import { fittingCallId } from "../../tool-names.ts";
import { FaultyRequest } from "../../translation.ts";
import { callOf, CALLS, OUTPUTS, type UpstreamTools } from "../../upstream-tools.ts";

interface AssistantTurn {
  content: string;
  readonly calls: JsonObject[];
}

export function messagesOf(request: InternalRequest, tools: UpstreamTools): JsonObject[] {
  const messages: JsonObject[] = [];
  const instructions = asText(request.instructions) ?? "";
  if (instructions !== "") messages.push({ role: "system", content: instructions });
  let turn: AssistantTurn | null = null;
  const flush = (): void => {
    if (turn !== null) messages.push(assistantMessage(turn));
    turn = null;
  };
  for (const [at, item] of request.input.entries()) {
    const place = `input[${at}]`;
    if (isSpoken(item) || CALLS.has(item["type"])) {
      turn ??= { content: "", calls: [] };
      // What is said after a call belongs to the next turn.
      if (isSpoken(item) && turn.calls.length > 0) {
        flush();
        turn = { content: "", calls: [] };
      }
      if (isSpoken(item)) turn.content += textOf(item, place);
      else turn.calls.push(callMessage(item, tools));
    } else if (!isUnsaid(item)) {
      flush();
      messages.push(otherMessage(item, place));
    }
  }
  flush();
  return messages;
}

function isSpoken(item: Item): boolean {
  return (item["type"] ?? "message") === "message" && item["role"] === "assistant";
}

/** Reasoning is sealed for another upstream, and tools stand in a field of their own. */
function isUnsaid({ type }: Item): boolean {
  return type === "reasoning" || type === "additional_tools";
}

function assistantMessage({ content, calls }: AssistantTurn): JsonObject {
  return {
    role: "assistant",
    content: content === "" && calls.length > 0 ? null : content,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function callMessage(item: Item, tools: UpstreamTools): JsonObject {
  const { id, name, json } = callOf(item, tools);
  return { id, type: "function", function: { name, arguments: json } };
}

function otherMessage(item: Item, place: string): JsonObject {
  if (OUTPUTS.has(item["type"])) {
    const tool_call_id = fittingCallId(asText(item["call_id"]) ?? "");
    return { role: "tool", tool_call_id, content: outputOf(item["output"], place) };
  }
  if ((item["type"] ?? "message") !== "message") {
    throw new FaultyRequest(place, `This upstream cannot be given an item of type "${String(item["type"])}".`);
  }
  const isUser = item["role"] === "user";
  return isUser ? { role: "user", content: partsOf(item, place) } : { role: "system", content: textOf(item, place) };
}

/** Texts alone, since few servers of this format take pictures from tools. */
function outputOf(output: unknown, place: string): string {
  if (typeof output === "string") return output;
  const texts = asList(output).map((part, at) => {
    const text = asText(asObject(part)?.["text"]);
    if (text === null) throw new FaultyRequest(`${place}.output[${at}]`, "This upstream takes only text from tools.");
    return text;
  });
  return texts.join("\n");
}

function textOf(item: Item, place: string): string {
  const { content } = item;
  if (typeof content === "string") return content;
  return asList(content)
    .map((value, at) => {
      const part = asObject(value);
      const text = asText(part?.["text"]) ?? asText(part?.["refusal"]);
      if (text === null)
        throw new FaultyRequest(`${place}.content[${at}]`, "Only text can stand here for this upstream.");
      return text;
    })
    .join("");
}

function partsOf({ content }: Item, place: string): unknown {
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
