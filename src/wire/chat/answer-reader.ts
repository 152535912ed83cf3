// Reads the events of one answer as changes of the assistant's message. Each thing is said once, whether it comes as
// deltas, as a whole, in the finished item, in the finished output, or in all of them.

import { asList, asNumber, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { InternalEvent, Item } from "../internal.ts";
import { citations } from "./citations.ts";
import type { ChatDelta, Piece } from "./delta.ts";
import { isUnnamed, type ItemNames, ItemNumbers } from "./item-numbers.ts";
import { OpenCalls } from "./open-calls.ts";
import { Pictures } from "./pictures.ts";
import type { AnswerForm } from "./request.ts";
import { SentTexts } from "./sent-texts.ts";

type TextKind = "content" | "refusal" | "reasoning_content";

/** A text of the answer: which it is, and what comes of it. */
interface Said {
  readonly kind: TextKind;
  /** Tells it from all other texts of the answer. */
  readonly key: string;
  readonly text: string;
  readonly logprobs?: unknown;
}

export class AnswerReader {
  readonly #form: AnswerForm;
  readonly #numbers = new ItemNumbers();
  readonly #texts = new SentTexts();
  readonly #calls: OpenCalls;
  readonly #pictures = new Pictures();
  /** Where in the whole content each text begins, for citations to point to. */
  readonly #starts = new Map<string, number>();
  readonly #cited = new Set<string>();
  #contentLength = 0;
  #last: { kind: TextKind; number: number; field: string; index: number; key: string } | null = null;
  #lastThought: string | null = null;

  constructor(form: AnswerForm) {
    this.#form = form;
    this.#calls = new OpenCalls(form.declared);
  }

  /** How many calls the client has been told of. */
  get calls(): number {
    return this.#calls.told;
  }

  /** A delta of the content, for which `read` would make one piece with nothing but it; null for every other event. */
  plainContent(event: InternalEvent): string | null {
    if (event.type !== "response.output_text.delta" || this.#form.hasLogprobs) return null;
    const said = this.#said(event, "content", event["delta"]);
    this.#grow(said, this.#texts.add(said.key, said.text));
    return said.text;
  }

  read(event: InternalEvent): Piece[] {
    switch (event.type) {
      case "response.output_text.delta":
        return this.#delta(this.#said(event, "content", event["delta"]));
      case "response.output_text.done":
        return this.#whole(this.#said(event, "content", event["text"]));
      case "response.refusal.delta":
        return this.#delta(this.#said(event, "refusal", event["delta"]));
      case "response.refusal.done":
        return this.#whole(this.#said(event, "refusal", event["refusal"]));
      case "response.reasoning_summary_text.delta":
      case "response.reasoning_text.delta":
        return this.#delta(this.#said(event, "reasoning_content", event["delta"]));
      case "response.reasoning_summary_text.done":
      case "response.reasoning_text.done":
        return this.#whole(this.#said(event, "reasoning_content", event["text"]));
      case "response.function_call_arguments.delta":
      case "response.custom_tool_call_input.delta":
        return this.#argument(event, "delta");
      case "response.function_call_arguments.done":
        return this.#argument(event, "arguments");
      case "response.custom_tool_call_input.done":
        return this.#argument(event, "input");
      case "response.image_generation_call.partial_image":
        return pieces(this.#pictures.show(this.#numberOf(event, "image"), event, "partial_image_b64"));
      case "response.output_item.added":
        return this.#announced(event);
      case "response.output_item.done": {
        const item = asObject(event["item"]);
        return item === null ? [] : this.#item(item, this.#numbers.numberOfFinished(namesOf(event), kindOf(item)));
      }
      default:
        return [];
    }
  }

  /** The finished output of the last event: what of it has not been said. */
  finish(output: readonly unknown[]): Piece[] {
    const ranks = new Map<string, number>();
    return output.flatMap((value, place) => {
      const item = asObject(value);
      if (item === null) return [];
      const kind = kindOf(item);
      const rank = ranks.get(kind) ?? 0;
      ranks.set(kind, rank + 1);
      const names = { id: asText(item["id"]), callId: asText(item["call_id"]), place };
      return this.#item(item, this.#numbers.numberInOutput(names, kind, rank));
    });
  }

  // --- calls ---

  #announced(event: InternalEvent): Piece[] {
    const item = asObject(event["item"]) ?? {};
    const number = this.#numberOf(event, kindOf(item));
    return isCall(item) ? pieces(this.#announce(number, item)) : [];
  }

  #announce(number: number, item: Item): ChatDelta[] {
    const isCustom = item["type"] === "custom_tool_call";
    return this.#calls.announce(number, { callId: asText(item["call_id"]), name: asText(item["name"]), isCustom });
  }

  #argument(event: InternalEvent, field: "delta" | "arguments" | "input"): Piece[] {
    const text = asText(event[field]);
    if (text === null || isUnnamed(namesOf(event))) return [];
    const number = this.#numberOf(event, "call");
    return pieces(field === "delta" ? this.#calls.add(number, text) : this.#calls.complete(number, text));
  }

  // --- texts ---

  #said(event: InternalEvent, kind: TextKind, text: unknown): Said {
    const isThought = kind === "reasoning_content";
    const number = this.#numberOf(event, isThought ? "reasoning" : "message");
    const field = event.type.includes("summary") ? "summary" : "content";
    const index = asNumber(event[field === "summary" ? "summary_index" : "content_index"]) ?? 0;
    return { kind, key: this.#key(kind, number, field, index), text: asText(text) ?? "", logprobs: event["logprobs"] };
  }

  /** The same text mostly goes on: its key is not made anew for every piece. */
  #key(kind: TextKind, number: number, field: "summary" | "content", index: number): string {
    const last = this.#last;
    if (last?.kind === kind && last.number === number && last.field === field && last.index === index) return last.key;
    const key = keyOf(kind, number, field, index);
    this.#last = { kind, number, field, index, key };
    return key;
  }

  #delta(said: Said): Piece[] {
    return this.#say(said, this.#texts.add(said.key, said.text));
  }

  #whole(said: Said): Piece[] {
    const isNew = !this.#texts.has(said.key);
    const rest = this.#texts.rest(said.key, said.text);
    return this.#say(isNew ? said : { ...said, logprobs: undefined }, rest);
  }

  #say(said: Said, text: string): Piece[] {
    if (text === "") return [];
    const { kind } = said;
    if (kind === "reasoning_content") return [{ delta: { reasoning_content: this.#parted(said.key) + text } }];
    if (kind === "refusal") return [{ delta: { refusal: text } }];
    this.#grow(said, text);
    const logprobs = this.#form.hasLogprobs ? asList(said.logprobs).map(withBytes) : [];
    return [{ delta: { content: text }, ...(logprobs.length === 0 ? {} : { logprobs }) }];
  }

  #grow({ key }: Said, text: string): void {
    if (!this.#starts.has(key)) this.#starts.set(key, this.#contentLength);
    this.#contentLength += text.length;
  }

  /** Thoughts of different parts stand a blank line apart. */
  #parted(key: string): string {
    const isFurther = this.#lastThought !== null && this.#lastThought !== key;
    this.#lastThought = key;
    return isFurther ? "\n\n" : "";
  }

  // --- finished items ---

  #item(item: Item, number: number): Piece[] {
    switch (item["type"]) {
      case "message":
        return asList(item["content"]).flatMap((part, index) => this.#messagePart(asObject(part) ?? {}, number, index));
      case "reasoning":
        return [...this.#thoughts(item, number, "summary"), ...this.#thoughts(item, number, "content")];
      case "function_call":
      case "custom_tool_call": {
        const whole = asText(item["type"] === "function_call" ? item["arguments"] : item["input"]) ?? "";
        return pieces([...this.#calls.complete(number, whole), ...this.#announce(number, item)]);
      }
      case "image_generation_call":
        return pieces(this.#pictures.show(number, item, "result"));
      default:
        // Tools that ran upstream say nothing to the client; what came of them is in the text.
        return [];
    }
  }

  #messagePart(part: JsonObject, number: number, index: number): Piece[] {
    const isRefusal = part["type"] === "refusal";
    const kind = isRefusal ? "refusal" : "content";
    const text = asText(isRefusal ? part["refusal"] : part["text"]);
    if (text === null || !(isRefusal || part["type"] === "output_text")) return [];
    const said: Said = { kind, key: keyOf(kind, number, "content", index), text, logprobs: part["logprobs"] };
    return [...this.#whole(said), ...this.#cite(part, said.key)];
  }

  #cite(part: JsonObject, key: string): Piece[] {
    const annotations = this.#cited.has(key) ? [] : citations(part["annotations"], this.#starts.get(key) ?? 0);
    if (annotations.length === 0) return [];
    this.#cited.add(key);
    return [{ delta: { annotations } }];
  }

  #thoughts(item: Item, number: number, field: "summary" | "content"): Piece[] {
    return asList(item[field]).flatMap((part, index) => {
      const text = asText(asObject(part)?.["text"]) ?? "";
      const kind = "reasoning_content";
      return this.#whole({ kind, key: keyOf(kind, number, field, index), text });
    });
  }

  #numberOf(event: JsonObject, kind: string): number {
    return this.#numbers.numberOf(namesOf(event), kind);
  }
}

/** Of an event about an item, or of one that holds it. */
function namesOf(event: JsonObject): ItemNames {
  const item = asObject(event["item"]);
  return {
    id: asText(event["item_id"]) ?? asText(item?.["id"]),
    place: asNumber(event["output_index"]),
    callId: asText(event["call_id"]) ?? asText(item?.["call_id"]),
  };
}

function kindOf(item: Item): string {
  if (isCall(item)) return "call";
  return item["type"] === "image_generation_call" ? "image" : (asText(item["type"]) ?? "");
}

function isCall(item: Item): boolean {
  return item["type"] === "function_call" || item["type"] === "custom_tool_call";
}

function keyOf(kind: TextKind, number: number, field: "summary" | "content", index: number): string {
  return `${kind} ${number} ${field} ${index}`;
}

/** Chat Completions always has the field; Responses has it only in finished texts. */
function withBytes(logprob: unknown): unknown {
  return { bytes: null, ...asObject(logprob) };
}

function pieces(deltas: readonly ChatDelta[]): Piece[] {
  return deltas.map((delta) => ({ delta }));
}
