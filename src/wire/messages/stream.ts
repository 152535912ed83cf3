// An answer as a stream of message events: blocks one after the other, each opened and closed once. What belongs to a block
// that is not open yet waits, however the upstream mixes its items.

import { asList, asNumber, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { InternalEvent, Item } from "../internal.ts";
import type { EventWriter } from "../translation.ts";
import { blocksOf, callStart, type MessageTerms, searchBlocks, signatureOf } from "./blocks.ts";
import { messageId, stopReasonOf, usageOf } from "./ending.ts";

/** An item of the answer on its way. */
interface Course {
  /** As it was announced; replaced by the finished one. */
  item: Item;
  isDone: boolean;
  /** Pieces that have come but could not be written yet. */
  pieces: string[];
  /** Characters written or waiting, so that what comes a second time is not told twice. */
  length: number;
  /** Number of its block; null while that is not open. */
  block: number | null;
}

const DELTA = { message: "text_delta", reasoning: "thinking_delta", function_call: "input_json_delta" } as const;
const FIELD = { message: "text", reasoning: "thinking", function_call: "partial_json" } as const;

type Spoken = keyof typeof DELTA;

export class MessagesStream implements EventWriter {
  readonly #terms: MessageTerms;
  readonly #courses = new Map<string, Course>();
  /** Those that are not told in full, in the order in which they came up. */
  #waiting: Course[] = [];
  #blocks = 0;
  #isStarted = false;
  #out = "";

  constructor(terms: MessageTerms) {
    this.#terms = terms;
  }

  write(event: InternalEvent): string {
    this.#out = "";
    this.#start(asObject(event["response"]));
    this.#take(event);
    return this.#out;
  }

  #take(event: InternalEvent): void {
    switch (event.type) {
      case "response.output_item.added":
        this.#course(event);
        break;
      case "response.output_text.delta":
      case "response.refusal.delta":
        this.#piece(event, "message");
        break;
      case "response.reasoning_summary_text.delta":
        this.#piece(event, "reasoning");
        break;
      case "response.reasoning_summary_part.added":
        // Parts of a summary are paragraphs.
        if ((asNumber(event["summary_index"]) ?? 0) > 0) this.#piece({ ...event, delta: "\n\n" }, "reasoning");
        break;
      case "response.function_call_arguments.delta":
        this.#piece(event, "function_call");
        break;
      case "response.output_item.done":
        this.#done(event);
        break;
      case "response.completed":
      case "response.done":
      case "response.incomplete":
        return this.#finish(asObject(event["response"]) ?? {});
      default:
        return;
    }
    this.#advance();
  }

  #start(response: JsonObject | null): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    const usage = { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 };
    const fields = {
      id: messageId(response),
      type: "message",
      role: "assistant",
      model: this.#terms.model,
      content: [],
    };
    this.#event("message_start", { message: { ...fields, stop_reason: null, stop_sequence: null, usage } });
  }

  /** The item an event is about, whichever way it is named. */
  #course(event: InternalEvent, type = "message"): Course {
    const announced = asObject(event["item"]);
    const index = asNumber(event["output_index"]);
    const name = index === null ? (asText(event["item_id"]) ?? asText(announced?.["id"]) ?? "") : String(index);
    const known = this.#courses.get(name);
    if (known !== undefined) return known;
    const course: Course = { item: announced ?? { type }, isDone: false, pieces: [], length: 0, block: null };
    this.#courses.set(name, course);
    this.#waiting.push(course);
    return course;
  }

  #piece(event: InternalEvent, type: Spoken): void {
    const delta = asText(event["delta"]) ?? "";
    const course = this.#course(event, type);
    if (course.isDone || delta === "") return;
    course.pieces.push(delta);
    course.length += delta.length;
  }

  #done(event: InternalEvent): void {
    const course = this.#course(event);
    if (course.isDone) return;
    course.isDone = true;
    course.item = asObject(event["item"]) ?? course.item;
    if (course.length === 0) course.pieces.push(this.#wholeOf(course.item));
  }

  /** What was told by no delta at all. */
  #wholeOf(item: Item): string {
    if (item["type"] === "function_call") return asText(item["arguments"]) ?? "";
    const [block] = blocksOf(item, { ...this.#terms, isThinking: true });
    return asText(block?.["text"]) ?? asText(block?.["thinking"]) ?? "";
  }

  /** Tells as much as can be told: of the first item what there is, of the next ones once it is closed. */
  #advance(): void {
    for (;;) {
      const [course] = this.#waiting;
      if (course === undefined) return;
      this.#tell(course);
      if (!course.isDone) return;
      this.#close(course);
      this.#waiting.shift();
    }
  }

  #tell(course: Course): void {
    const type = asText(course.item["type"]) ?? "";
    if (type === "web_search_call") return course.isDone ? this.#tellSearch(course.item) : undefined;
    if (!isSpoken(type) || (type === "reasoning" && !this.#terms.isThinking)) return;
    const pieces = course.pieces.filter((piece) => piece !== "");
    course.pieces = [];
    const isOpening = course.block === null && (pieces.length > 0 || type === "function_call");
    if (isOpening && !this.#open(course, type)) {
      course.pieces = pieces;
      return;
    }
    for (const piece of pieces) this.#delta(course.block, { type: DELTA[type], [FIELD[type]]: piece });
  }

  /** False while a call has no name yet. */
  #open(course: Course, type: Spoken): boolean {
    if (type === "function_call" && asText(course.item["name"]) === null) return false;
    const block =
      type === "message"
        ? { type: "text", text: "" }
        : type === "reasoning"
          ? { type: "thinking", thinking: "", signature: "" }
          : callStart(course.item, this.#terms.names);
    course.block = this.#openBlock(block);
    return true;
  }

  #close(course: Course): void {
    if (course.item["type"] === "reasoning") this.#sign(course);
    if (course.block !== null) this.#event("content_block_stop", { index: course.block });
  }

  /** Thinking without a word is told all the same when it is sealed: the client has to give it back. */
  #sign(course: Course): void {
    const signature = this.#terms.isThinking ? signatureOf(course.item, this.#terms) : "";
    if (signature === "") return;
    course.block ??= this.#openBlock({ type: "thinking", thinking: "", signature: "" });
    this.#delta(course.block, { type: "signature_delta", signature });
  }

  #tellSearch(item: Item): void {
    const [use, result] = searchBlocks(item);
    const { input, ...start } = use ?? {};
    const index = this.#openBlock({ ...start, input: {} });
    this.#delta(index, { type: "input_json_delta", partial_json: JSON.stringify(input) });
    this.#event("content_block_stop", { index });
    this.#event("content_block_stop", { index: this.#openBlock(result ?? {}) });
  }

  #finish(response: JsonObject): void {
    const output = asList(response["output"]) as readonly Item[];
    for (const [at, item] of output.entries()) this.#done({ type: "", output_index: at, item });
    for (const course of this.#waiting) course.isDone = true;
    this.#advance();
    const items = output.length > 0 ? output : Array.from(this.#courses.values(), ({ item }) => item);
    const answer = { ...response, output: items };
    const delta = { stop_reason: stopReasonOf(answer, items), stop_sequence: null };
    this.#event("message_delta", { delta, usage: usageOf(answer, items) });
    this.#event("message_stop", {});
  }

  #openBlock(content_block: JsonObject): number {
    const index = this.#blocks++;
    this.#event("content_block_start", { index, content_block });
    return index;
  }

  #delta(index: number | null, delta: JsonObject): void {
    this.#event("content_block_delta", { index, delta });
  }

  #event(type: string, fields: JsonObject): void {
    this.#out += `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  }
}

function isSpoken(type: string): type is Spoken {
  return type in DELTA;
}
