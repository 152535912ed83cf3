// Writes the events of one answer of the internal form, for formats that are turned into it: every item announced, told piece by
// piece, finished and counted, in the order and with the fields that readers of the Responses API know.
// Facts: developers.openai.com/api/docs/api-reference/responses-streaming.

import { type JsonObject, parseJson } from "../kit/json-value.ts";
import type { InternalAnswer, InternalEvent, Item } from "./internal.ts";

export interface AnswerFacts {
  /** Names the answer; the ids of its items are made from it. */
  readonly answerId: string;
  readonly model: string;
  /** Epoch ms. */
  readonly now: number;
}

/** Tokens as the internal form counts them: what came from a cache is part of the input, reasoning part of the output. */
export interface Usage {
  readonly input: number;
  readonly cachedInput: number;
  /** Written to a cache; part of the input, too. */
  readonly cacheWrites?: number;
  readonly output: number;
  readonly reasoning: number;
}

export type Ending =
  | { readonly status: "completed" }
  | { readonly status: "incomplete"; readonly reason: "max_output_tokens" | "content_filter" }
  | { readonly status: "failed"; readonly code: string; readonly message: string };

export interface CallStart {
  readonly callId: string;
  readonly name: string;
  /** A tool that takes JSON, one that takes free text, or the search of tools that a client runs. */
  readonly kind: "function" | "custom" | "search";
  readonly namespace?: string;
}

/** One item on its way. `text` is all that was said of it. */
interface Open {
  readonly kind: "message" | "refusal" | "reasoning" | "call";
  readonly id: string;
  readonly index: number;
  readonly start: CallStart | null;
  text: string;
}

export class InternalWriter {
  readonly #facts: AnswerFacts;
  /** By their places; what is not finished leaves a gap. */
  readonly #output: Item[] = [];
  readonly #calls = new Map<string, Open>();
  #events: InternalEvent[] = [];
  #sequence = 0;
  #items = 0;
  /** What is being said or thought; calls may be written side by side. */
  #open: Open | null = null;
  #isStarted = false;
  #isOver = false;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  /** What has been written since the last time. */
  take(): readonly InternalEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether anything was called. */
  get hasCall(): boolean {
    return this.#output.some(isCall) || this.#calls.size > 0;
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#event("response.created", { response: this.#response("in_progress") });
    this.#event("response.in_progress", { response: this.#response("in_progress") });
  }

  say(delta: string, kind: "message" | "refusal" = "message"): void {
    if (delta === "") return;
    const open = this.#turnTo(kind);
    open.text += delta;
    const place = { ...placeOf(open), content_index: 0 };
    if (kind === "message") this.#event("response.output_text.delta", { ...place, delta, logprobs: [] });
    else this.#event("response.refusal.delta", { ...place, delta });
  }

  think(delta: string): void {
    if (delta === "") return;
    const open = this.#turnTo("reasoning");
    if (open.text === "")
      this.#event("response.reasoning_summary_part.added", { ...summaryOf(open), part: summaryPart("") });
    open.text += delta;
    this.#event("response.reasoning_summary_text.delta", { ...summaryOf(open), delta });
  }

  /** Ends the thinking under way, or makes one without words: `sealed` is what its own upstream alone can read. */
  seal(sealed: string): void {
    this.#close(this.#turnTo("reasoning"), sealed);
    this.#open = null;
  }

  /** `key` tells the calls of one answer apart. A second beginning of the same call says nothing. */
  call(key: string, start: CallStart): void {
    if (this.#calls.has(key)) return;
    this.#closeOpen();
    const open = this.#begin("call", start);
    this.#calls.set(key, open);
    this.#event("response.output_item.added", { output_index: open.index, item: itemOf(open, "in_progress") });
  }

  argue(key: string, delta: string): void {
    const open = this.#calls.get(key);
    if (open === undefined || delta === "") return;
    open.text += delta;
    // What is free text is wrapped in JSON on its way: it can be told when it is whole.
    if (open.start?.kind === "function") {
      this.#event("response.function_call_arguments.delta", { ...placeOf(open), delta });
    }
  }

  endCall(key: string): void {
    const open = this.#calls.get(key);
    if (open === undefined) return;
    // A tool that takes nothing is called with an empty object.
    if (open.text === "") this.argue(key, "{}");
    this.#calls.delete(key);
    this.#close(open);
  }

  /** An item that comes whole. */
  item(make: (id: string) => Item): void {
    this.#closeOpen();
    const index = this.#items;
    const item = make(this.#nextId("item"));
    this.#event("response.output_item.added", { output_index: index, item });
    this.#finishItem(index, item);
  }

  end(ending: Ending, usage: Usage | null): void {
    if (this.#isOver) return;
    this.start();
    if (ending.status !== "failed") {
      this.#closeOpen();
      for (const key of this.#calls.keys()) this.endCall(key);
    }
    this.#event(`response.${ending.status}`, { response: this.answer(ending, usage) });
    this.#isOver = true;
  }

  /** The answer as it ends. */
  answer(ending: Ending, usage: Usage | null): InternalAnswer {
    return {
      ...this.#response(ending.status),
      error: ending.status === "failed" ? { code: ending.code, message: ending.message } : null,
      incomplete_details: ending.status === "incomplete" ? { reason: ending.reason } : null,
      output: this.#output.filter((item) => item !== undefined),
      usage: usage === null ? null : usageObject(usage),
    };
  }

  // --- inside ---

  #turnTo(kind: Open["kind"]): Open {
    if (this.#open?.kind === kind) return this.#open;
    this.#closeOpen();
    const open = this.#begin(kind, null);
    this.#open = open;
    this.#event("response.output_item.added", { output_index: open.index, item: itemOf(open, "in_progress") });
    if (kind === "message" || kind === "refusal") {
      this.#event("response.content_part.added", { ...placeOf(open), content_index: 0, part: partOf(kind, "") });
    }
    return open;
  }

  #begin(kind: Open["kind"], start: CallStart | null): Open {
    this.start();
    const index = this.#items;
    return {
      kind,
      id: this.#nextId(kind === "reasoning" ? "rs" : kind === "call" ? "fc" : "msg"),
      index,
      start,
      text: "",
    };
  }

  #nextId(prefix: string): string {
    return `${prefix}_${this.#facts.answerId}_${this.#items++}`;
  }

  #closeOpen(): void {
    const open = this.#open;
    this.#open = null;
    if (open !== null) this.#close(open);
  }

  #close(open: Open, sealed?: string): void {
    const { kind, text } = open;
    const part = { ...placeOf(open), content_index: 0 };
    if (kind === "message") this.#event("response.output_text.done", { ...part, text, logprobs: [] });
    if (kind === "refusal") this.#event("response.refusal.done", { ...part, refusal: text });
    if (kind === "message" || kind === "refusal") {
      this.#event("response.content_part.done", { ...part, part: partOf(kind, text) });
    }
    if (kind === "reasoning" && text !== "") {
      this.#event("response.reasoning_summary_text.done", { ...summaryOf(open), text });
      this.#event("response.reasoning_summary_part.done", { ...summaryOf(open), part: summaryPart(text) });
    }
    if (open.start?.kind === "function") {
      this.#event("response.function_call_arguments.done", { ...placeOf(open), arguments: text });
    }
    if (open.start?.kind === "custom") {
      const input = customInput(text);
      this.#event("response.custom_tool_call_input.delta", { ...placeOf(open), delta: input });
      this.#event("response.custom_tool_call_input.done", { ...placeOf(open), input });
    }
    const item = itemOf(open, "completed");
    this.#finishItem(open.index, sealed === undefined ? item : { ...item, encrypted_content: sealed });
  }

  #finishItem(index: number, item: Item): void {
    this.#output[index] = item;
    this.#event("response.output_item.done", { output_index: index, item });
  }

  #response(status: string): JsonObject & { output: readonly Item[] } {
    const { answerId, model, now } = this.#facts;
    const id = `resp_${answerId}`;
    const created_at = Math.floor(now / 1000);
    return {
      id,
      object: "response",
      created_at,
      status,
      error: null,
      incomplete_details: null,
      model,
      output: [],
      usage: null,
    };
  }

  #event(type: string, fields: JsonObject): void {
    // Some upstreams go on behind an error or the end.
    if (this.#isOver) return;
    this.#events.push({ type, sequence_number: this.#sequence++, ...fields });
  }
}

function placeOf({ id, index }: Open): JsonObject {
  return { item_id: id, output_index: index };
}

function summaryOf(open: Open): JsonObject {
  return { ...placeOf(open), summary_index: 0 };
}

function summaryPart(text: string): JsonObject {
  return { type: "summary_text", text };
}

function partOf(kind: "message" | "refusal", text: string): JsonObject {
  return kind === "refusal"
    ? { type: "refusal", refusal: text }
    : { type: "output_text", annotations: [], logprobs: [], text };
}

function itemOf({ kind, id, start, text }: Open, status: "in_progress" | "completed"): Item {
  const isDone = status === "completed";
  if (kind === "reasoning") return { id, type: "reasoning", summary: isDone && text !== "" ? [summaryPart(text)] : [] };
  if (kind !== "call" || start === null) {
    const content = isDone ? [partOf(kind === "refusal" ? "refusal" : "message", text)] : [];
    return { id, type: "message", status, role: "assistant", content };
  }
  const { callId: call_id, name, namespace, kind: called } = start;
  if (called === "search") {
    const sought = isDone ? parseJson(text) : {};
    return { id, type: "tool_search_call", status, call_id, execution: "client", arguments: sought ?? text };
  }
  const told = { status, call_id, name, ...(namespace === undefined ? {} : { namespace }) };
  if (called === "custom") return { id, type: "custom_tool_call", ...told, input: isDone ? customInput(text) : "" };
  return { id, type: "function_call", ...told, arguments: isDone ? text : "" };
}

/** Tools of free text are given to other formats as functions with one text called `input`. */
function customInput(json: string): string {
  try {
    const value = JSON.parse(json) as { input?: unknown } | null;
    return typeof value?.input === "string" ? value.input : json;
  } catch {
    return json;
  }
}

function isCall(item: Item): boolean {
  return item["type"] === "function_call" || item["type"] === "custom_tool_call" || item["type"] === "tool_search_call";
}

function usageObject({ input, cachedInput, cacheWrites, output, reasoning }: Usage): JsonObject {
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: cachedInput,
      ...(cacheWrites === undefined ? {} : { cache_write_tokens: cacheWrites }),
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}
