// The conversation as contents of two sides. A signature stands on the part that followed the thinking it is of.

import { asList, asObject, asText, type JsonObject, parseJson } from "../../../kit/json-value.ts";
import type { InternalRequest, Item } from "../../internal.ts";
import { fittingCallId } from "../../tool-names.ts";
import { FaultyRequest } from "../../translation.ts";
import { callOf, CALLS, OUTPUTS, type UpstreamTools } from "../../upstream-tools.ts";
import { unpackSignature } from "./signature-pack.ts";

export interface Contents {
  /** Parts of the system instruction. */
  readonly system: readonly JsonObject[];
  readonly contents: readonly { readonly role: "user" | "model"; readonly parts: JsonObject[] }[];
}

const DATA_URL = /^data:([\w.+/-]+);base64,(.*)$/s;

export function contentsOf(request: InternalRequest, tools: UpstreamTools): Contents {
  const instructions = asText(request.instructions) ?? "";
  const system = instructions === "" ? [] : [{ text: instructions }];
  const turns = new Turns(tools);
  for (const [at, item] of request.input.entries()) {
    const { type = "message", role } = item;
    const isSystem = type === "message" && role !== "user" && role !== "assistant";
    if (isSystem)
      system.push(
        ...partsOf(item["content"], `input[${at}].content`).map((part) => ({ text: asText(part["text"]) ?? "" })),
      );
    else turns.add(item, `input[${at}]`);
  }
  return { system, contents: turns.contents };
}

class Turns {
  readonly contents: { role: "user" | "model"; parts: JsonObject[] }[] = [];
  readonly #tools: UpstreamTools;
  /** Names of the functions by the ids of their calls: answers are told by both. */
  readonly #names = new Map<string, string>();
  #signature: string | null = null;

  constructor(tools: UpstreamTools) {
    this.#tools = tools;
  }

  add(item: Item, place: string): void {
    const { type = "message" } = item;
    if (type === "additional_tools") return;
    if (type === "reasoning") this.#signature = unpackSignature(item["encrypted_content"]) ?? this.#signature;
    else if (CALLS.has(type)) this.#push("model", this.#call(item));
    else if (OUTPUTS.has(type)) for (const part of this.#output(item, place)) this.#push("user", part);
    else if (type !== "message") {
      throw new FaultyRequest(place, `This upstream cannot be given an item of type "${String(type)}".`);
    } else {
      const role = item["role"] === "user" ? "user" : "model";
      for (const part of partsOf(item["content"], `${place}.content`)) this.#push(role, part);
    }
  }

  #push(role: "user" | "model", part: JsonObject): void {
    const thoughtSignature = role === "model" ? this.#signature : null;
    this.#signature = null;
    const signed = thoughtSignature === null ? part : { ...part, thoughtSignature };
    const last = this.contents.at(-1);
    if (last?.role === role) last.parts.push(signed);
    else this.contents.push({ role, parts: [signed] });
  }

  #call(item: Item): JsonObject {
    const { id, name, json } = callOf(item, this.#tools);
    this.#names.set(id, name);
    return { functionCall: { id, name, args: asObject(parseJson(json)) ?? {} } };
  }

  /** A function answers with an object; pictures it gives stand beside it. */
  #output(item: Item, place: string): JsonObject[] {
    const id = fittingCallId(asText(item["call_id"]) ?? "");
    const parts = partsOf(item["output"], `${place}.output`);
    const texts = parts.flatMap((part) => asText(part["text"]) ?? []);
    const others = parts.filter((part) => asText(part["text"]) === null);
    const response = { output: texts.join("\n") };
    return [{ functionResponse: { id, name: this.#names.get(id) ?? "", response } }, ...others];
  }
}

function partsOf(content: unknown, place: string): JsonObject[] {
  if (typeof content === "string") return content === "" ? [] : [{ text: content }];
  return asList(content).flatMap((part, at) => partOf(asObject(part) ?? {}, `${place}[${at}]`));
}

function partOf(part: JsonObject, place: string): JsonObject[] {
  switch (part["type"]) {
    case "input_text":
    case "output_text":
    case "refusal": {
      const text = asText(part["text"]) ?? asText(part["refusal"]) ?? "";
      return text === "" ? [] : [{ text }];
    }
    case "input_image":
      return [mediaOf(asText(part["image_url"]), place)];
    case "input_file":
      return [mediaOf(asText(part["file_data"]) ?? asText(part["file_url"]), place)];
    case "input_audio": {
      const audio = asObject(part["input_audio"]);
      return [{ inlineData: { mimeType: `audio/${asText(audio?.["format"]) ?? "wav"}`, data: audio?.["data"] } }];
    }
    default:
      throw new FaultyRequest(place, `This upstream cannot be given content of type "${String(part["type"])}".`);
  }
}

function mediaOf(address: string | null, place: string): JsonObject {
  if (address === null)
    throw new FaultyRequest(place, "This upstream takes pictures and files by content or address only.");
  const [, mimeType, data] = DATA_URL.exec(address) ?? [];
  return mimeType === undefined ? { fileData: { fileUri: address } } : { inlineData: { mimeType, data } };
}
