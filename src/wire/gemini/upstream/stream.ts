// A Gemini stream read as events of the internal form.
// Facts: ai.google.dev/api/generate-content; the stream has no end of its own beside the last piece's `finishReason`.

import { asList, asObject, asText, type JsonObject, parseJson } from "../../../kit/json-value.ts";
import type { InternalEvent } from "../../internal.ts";
import { type Ending, InternalWriter, type Usage } from "../../internal-events.ts";
import type { EventReader, UpstreamAnswerTerms } from "../../upstream-format.ts";
import { UpstreamTools } from "../../upstream-tools.ts";
import { endingOf, filtered, usageOf } from "./ending.ts";
import { failureCode, geminiComplaint } from "./errors.ts";
import { packSignature } from "./signature-pack.ts";

export class GeminiReader implements EventReader {
  readonly #writer: InternalWriter;
  readonly #tools: UpstreamTools;
  readonly #answerId: string;
  #calls = 0;
  #ending: Ending | null = null;
  #usage: Usage | null = null;

  constructor({ request, answerId, now }: UpstreamAnswerTerms) {
    this.#writer = new InternalWriter({ answerId, now, model: request.model ?? "" });
    this.#tools = new UpstreamTools(request);
    this.#answerId = answerId;
  }

  read(_name: string | null, data: string): readonly InternalEvent[] {
    const piece = asObject(parseJson(data));
    if (piece === null) return [];
    if (piece["error"] !== undefined) this.#fail(piece);
    else this.#take(piece);
    return this.#writer.take();
  }

  end(): readonly InternalEvent[] {
    if (this.#ending !== null) this.#writer.end(this.#ending, this.#usage);
    return this.#writer.take();
  }

  #take(piece: JsonObject): void {
    this.#writer.start();
    this.#usage = usageOf(piece["usageMetadata"]) ?? this.#usage;
    if (asObject(piece["promptFeedback"])?.["blockReason"] !== undefined) this.#ending = filtered;
    const candidate = asObject(asList(piece["candidates"])[0]);
    for (const part of asList(asObject(candidate?.["content"])?.["parts"])) this.#part(asObject(part) ?? {});
    const reason = asText(candidate?.["finishReason"]);
    if (reason !== null) this.#ending = endingOf(reason);
  }

  #part(part: JsonObject): void {
    const text = asText(part["text"]) ?? "";
    if (part["thought"] === true) this.#writer.think(text);
    const signature = asText(part["thoughtSignature"]);
    // It stands on what followed the thinking: that is where it has to stand again.
    if (signature !== null) this.#writer.seal(packSignature(signature));
    if (part["thought"] === true) return;
    this.#writer.say(text);
    const call = asObject(part["functionCall"]);
    if (call !== null) this.#call(call);
    const media = asObject(part["inlineData"]);
    if (media !== null)
      this.#writer.item((id) => ({ id, type: "image_generation_call", status: "completed", result: media["data"] }));
  }

  #call(call: JsonObject): void {
    const key = String(this.#calls++);
    const id = asText(call["id"]) ?? `call_${this.#answerId}_${key}`;
    this.#writer.call(key, this.#tools.startOf(asText(call["name"]) ?? "", id));
    this.#writer.argue(key, JSON.stringify(call["args"] ?? {}));
    this.#writer.endCall(key);
  }

  #fail(piece: JsonObject): void {
    const { code, message } = geminiComplaint(piece);
    this.#writer.end({ status: "failed", code: failureCode(code), message }, this.#usage);
  }
}
