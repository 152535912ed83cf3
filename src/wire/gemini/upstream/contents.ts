// The conversation as contents of two sides that take turns. The calls of one turn stand together, and what they gave comes
// first in the turn that follows.
// Facts: ai.google.dev/gemini-api/docs/thought-signatures: from generation 3 on, the first call of a turn must be signed; a call
// that another model made, or whose signature is lost, is let through under a name made for that.

import { asList, asObject, asText, type JsonObject, parseJson } from "../../../kit/json-value.ts";
import type { InternalRequest, Item } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import { callOf, CALLS, OUTPUTS, type UpstreamTools } from "../../upstream-tools.ts";
import { inTurns } from "../../upstream-turns.ts";
import { partsOf } from "./parts.ts";
import { unpackSignature } from "./signature-pack.ts";

const UNSIGNED = "skip_thought_signature_validator";

interface Content {
  readonly role: "user" | "model";
  readonly parts: JsonObject[];
}

interface Options {
  readonly tools: UpstreamTools;
  readonly isSigning: boolean;
}

export class Contents {
  readonly #options: Options;
  readonly #names = new Map<string, string>();
  readonly #system: JsonObject[] = [];
  readonly #contents: Content[] = [];
  /** For the call or the picture that comes next. */
  #signature: string | null = null;

  constructor(request: InternalRequest, options: Options) {
    this.#options = options;
    this.#system.push(...partsOf(asText(request.instructions) ?? "", "instructions"));
    for (const { item, place } of inTurns(request.input, options.tools)) this.#item(item, place);
  }

  get system(): readonly JsonObject[] {
    return this.#system;
  }

  get list(): readonly Content[] {
    const spoken = this.#contents.filter(({ parts }) => parts.length > 0);
    // A conversation has to be begun by the user.
    const isBegun = spoken[0]?.role !== "model";
    const whole: Content[] = isBegun ? spoken : [{ role: "user", parts: [{ text: "…" }] }, ...spoken];
    return this.#options.isSigning ? whole.map(signed) : whole;
  }

  #item(item: Item, place: string): void {
    const { type = "message", role } = item;
    if (type === "message") {
      const parts = partsOf(item["content"], `${place}.content`);
      if (role === "user" || role === "assistant") this.#turn(role === "user" ? "user" : "model").push(...parts);
      // What developers say later stays at its place, in the only voice there is for it.
      else if (this.#contents.length === 0 && parts.every((part) => part["text"] !== undefined)) {
        this.#system.push(...parts);
      } else this.#turn("user").push(...parts.map(reminder));
    } else if (type === "reasoning") this.#reasoning(item);
    else if (CALLS.has(type)) this.#call(item);
    else if (OUTPUTS.has(type)) this.#output(item, place);
    else if (type === "image_generation_call") this.#picture(item);
    else throw new FaultyRequest(place, `This upstream cannot be given an item of type "${String(type)}".`);
  }

  #turn(role: Content["role"]): JsonObject[] {
    const last = this.#contents.at(-1);
    if (last?.role === role) return last.parts;
    if (role === "user") this.#signature = null;
    const content: Content = { role, parts: [] };
    this.#contents.push(content);
    return content.parts;
  }

  /** Only what Gemini has signed itself. */
  #reasoning(item: Item): void {
    const sealed = unpackSignature(item["encrypted_content"]);
    if (sealed === null) return;
    const { on, signature: thoughtSignature } = sealed;
    if (on === "next") this.#signature = thoughtSignature;
    else if (on === "text") this.#turn("model").push({ text: "", thoughtSignature });
    else {
      const text = asList(item["summary"])
        .map((part) => asText(asObject(part)?.["text"]) ?? "")
        .join("");
      this.#turn("model").push({ text, thought: true, thoughtSignature });
    }
  }

  #call(item: Item): void {
    const { id, name, json } = callOf(item, this.#options.tools);
    this.#names.set(id, name);
    // What is no object was cut off, and is passed on as it is.
    const args = asObject(parseJson(json)) ?? { arguments: json };
    this.#sign({ functionCall: { id, name, args } });
  }

  #picture(item: Item): void {
    const mimeType = `image/${asText(item["output_format"]) ?? "png"}`;
    this.#sign({ inlineData: { mimeType, data: item["result"] } });
  }

  #sign(part: JsonObject): void {
    const parts = this.#turn("model");
    parts.push(this.#signature === null ? part : { ...part, thoughtSignature: this.#signature });
    this.#signature = null;
  }

  #output(item: Item, place: string): void {
    const id = asText(item["call_id"]) ?? "";
    const told = partsOf(item["output"], `${place}.output`);
    const output = told.flatMap((part) => asText(part["text"]) ?? []).join("\n");
    const parts = this.#turn("user");
    const after = parts.findLastIndex((part) => part["functionResponse"] !== undefined) + 1;
    // Pictures that a function shows stand behind the responses.
    parts.splice(after, 0, { functionResponse: { id, name: this.#names.get(id), response: { output } } });
    parts.push(...told.filter((part) => part["text"] === undefined));
  }
}

function reminder(part: JsonObject): JsonObject {
  const text = asText(part["text"]);
  return text === null ? part : { text: `<system-reminder>\n${text}\n</system-reminder>` };
}

function signed({ role, parts }: Content): Content {
  const first = parts.findIndex((part) => part["functionCall"] !== undefined);
  const sign = (part: JsonObject, at: number): JsonObject =>
    at === first ? { thoughtSignature: UNSIGNED, ...part } : part;
  return { role, parts: parts.map(sign) };
}
