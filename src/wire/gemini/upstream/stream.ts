// A stream of the Gemini API read as events of the internal form. Every piece is a response of its own, with parts that go on
// where the last one ended; calls and pictures come whole.
// Facts: ai.google.dev/api/generate-content, …/gemini-api/docs/thought-signatures. A signature may come behind a text, on a part
// without words; usage is told with every piece and is right in the last; nothing but the finish reason says that it is the last.

import { asList, asObject, asText, type JsonObject, parseJson } from "../../../kit/json-value.ts";
import type { InternalEvent } from "../../internal.ts";
import { type Ending, InternalWriter, type Usage } from "../../internal-events.ts";
import type { EventReader, UpstreamAnswerTerms } from "../../upstream-format.ts";
import { UpstreamTools } from "../../upstream-tools.ts";
import { blockOf, endingOf, usageOf } from "./ending.ts";
import { geminiComplaint } from "./errors.ts";
import { packSignature } from "./signature-pack.ts";

export class GeminiReader implements EventReader {
  readonly #writer: InternalWriter;
  readonly #tools: UpstreamTools;
  readonly #answerId: string;
  #calls = 0;
  /** Of the text under way, which may still go on. */
  #textSignature: string | null = null;
  #searches: readonly string[] = [];
  #ending: Ending | null = null;
  #usage: Usage | null = null;

  constructor({ request, answerId, now }: UpstreamAnswerTerms) {
    this.#writer = new InternalWriter({ answerId, now, model: request.model ?? "" });
    this.#tools = new UpstreamTools(request);
    this.#answerId = answerId;
  }

  read(_name: string | null, data: string): readonly InternalEvent[] {
    const told = parseJson(data);
    const chunk = asObject(told) ?? asObject(asList(told)[0]);
    if (chunk === null || this.#writer.isOver) return [];
    if ((chunk["error"] ?? null) !== null) return this.#fail(chunk);
    this.#writer.start();
    this.#usage = usageOf(chunk["usageMetadata"]) ?? this.#usage;
    this.#ending = blockOf(chunk) ?? this.#ending;
    const candidate = asObject(asList(chunk["candidates"])[0]);
    if (candidate !== null) this.#candidate(candidate);
    return this.#writer.take();
  }

  get isOver(): boolean {
    return this.#writer.isOver;
  }

  end(): readonly InternalEvent[] {
    if (this.#ending !== null && !this.#writer.isOver) {
      this.#sealText();
      const [query] = this.#searches;
      if (query !== undefined) this.#writer.item((id) => searchItem(id, query, this.#searches));
      this.#writer.end(this.#ending, this.#usage);
    }
    return this.#writer.take();
  }

  #candidate(candidate: JsonObject): void {
    for (const part of asList(asObject(candidate["content"])?.["parts"])) this.#part(asObject(part) ?? {});
    const queries = asList(asObject(candidate["groundingMetadata"])?.["webSearchQueries"]);
    if (queries.length > 0) this.#searches = queries.map(String);
    this.#ending = endingOf(candidate) ?? this.#ending;
  }

  #part(part: JsonObject): void {
    const signature = asText(part["thoughtSignature"]);
    const [call, media] = [asObject(part["functionCall"]), asObject(part["inlineData"])];
    const text = asText(part["text"]) ?? "";
    const isThought = part["thought"] === true && call === null;
    if (isThought || call !== null || media !== null) this.#sealText();
    if (isThought) {
      // Pictures among the thoughts are drafts.
      this.#writer.think(text);
      if (signature !== null) this.#writer.seal(packSignature({ on: "thought", signature }));
    } else if (call !== null || media !== null) {
      if (signature !== null) this.#writer.seal(packSignature({ on: "next", signature }));
      if (call !== null) this.#call(call);
      if (media !== null) this.#media(media);
    } else {
      this.#writer.say(text);
      if (signature !== null) this.#sealText();
      this.#textSignature = signature ?? this.#textSignature;
    }
  }

  #sealText(): void {
    const signature = this.#textSignature;
    this.#textSignature = null;
    if (signature !== null) this.#writer.seal(packSignature({ on: "text", signature }));
  }

  #call(call: JsonObject): void {
    const key = String(this.#calls++);
    const id = asText(call["id"]) || `call_${this.#answerId}_${key}`;
    this.#writer.call(key, this.#tools.startOf(asText(call["name"]) ?? "", id));
    this.#writer.argue(key, JSON.stringify(call["args"] ?? {}));
    this.#writer.endCall(key);
  }

  #media(media: JsonObject): void {
    const mime = asText(media["mimeType"]) ?? "";
    const [, output_format] = /^image\/(\w+)/.exec(mime) ?? [];
    if (output_format === undefined) {
      const message = `The upstream answers with content of type "${mime}", which cannot be passed on.`;
      this.#writer.end({ status: "failed", code: "upstream_error", message }, this.#usage);
      return;
    }
    this.#writer.item((id) => {
      return { id, type: "image_generation_call", status: "completed", output_format, result: media["data"] };
    });
  }

  #fail(chunk: JsonObject): readonly InternalEvent[] {
    const { code, message } = geminiComplaint(chunk);
    this.#writer.end({ status: "failed", code: code ?? "upstream_error", message }, this.#usage);
    return this.#writer.take();
  }
}

function searchItem(id: string, query: string, queries: readonly string[]): JsonObject {
  return { id, type: "web_search_call", status: "completed", action: { type: "search", query, queries } };
}
