// The answer as a stream of chunks.

import { asList, asObject, type JsonObject } from "../../kit/json-value.ts";
import type { InternalEvent } from "../internal.ts";
import type { AnswerTerms, EventWriter } from "../translation.ts";
import { AnswerReader } from "./answer-reader.ts";
import { finishReason, type Heading, headingOf, usageOf } from "./answer-terms.ts";
import { STREAM_END } from "./errors.ts";
import type { AnswerForm } from "./request.ts";

const TERMINALS: ReadonlySet<string> = new Set(["response.completed", "response.done", "response.incomplete"]);

export class ChatStream implements EventWriter {
  readonly #form: AnswerForm;
  readonly #terms: AnswerTerms;
  readonly #reader: AnswerReader;
  /** Set by the first chunk, and the same in all: how each begins, up to its choices. */
  #head: string | null = null;

  constructor(form: AnswerForm, terms: AnswerTerms) {
    this.#form = form;
    this.#terms = terms;
    this.#reader = new AnswerReader(form);
  }

  write(event: InternalEvent): string {
    const content = this.#head === null ? null : this.#reader.plainContent(event);
    if (content !== null) return content === "" ? "" : this.#choice(`"delta":{"content":${JSON.stringify(content)}}`);
    const response = asObject(event["response"]);
    // The role comes as soon as the answer begins, however long the model thinks before it says anything.
    if (event.type === "response.created") return this.#begin(response ?? {});
    if (TERMINALS.has(event.type)) return this.#end(event.type, response ?? {});
    return this.#pieces(this.#reader.read(event), {});
  }

  #begin(response: JsonObject): string {
    if (this.#head !== null) return "";
    this.#head = headOf(headingOf(response, this.#terms));
    return this.#chunk({ delta: { role: "assistant", content: "" } });
  }

  #pieces(pieces: ReturnType<AnswerReader["read"]>, response: JsonObject): string {
    if (pieces.length === 0) return "";
    let chunks = this.#begin(response);
    for (const { delta, logprobs } of pieces) {
      if (logprobs === undefined) chunks += this.#choice(`"delta":${JSON.stringify(delta)}`);
      else chunks += this.#chunk({ delta, logprobs: { content: logprobs, refusal: null } });
    }
    return chunks;
  }

  #end(type: string, response: JsonObject): string {
    const { declared, hasUsage } = this.#form;
    const started = this.#begin(response);
    const rest = this.#pieces(this.#reader.finish(asList(response["output"])), response);
    const ended = type === "response.incomplete" ? { ...response, status: "incomplete" } : response;
    const finish_reason = finishReason(ended, this.#reader.calls, declared.isLegacy);
    const usage = hasUsage ? usageOf(response) : undefined;
    const last = this.#chunk({ delta: {}, finish_reason });
    const spent = usage === undefined ? "" : this.#event(`"choices":[],"usage":${JSON.stringify(usage)}`);
    return started + rest + last + spent + STREAM_END;
  }

  /** Written piece by piece, for there is one for every few letters of an answer. */
  #chunk({ finish_reason = null, ...choice }: JsonObject): string {
    return this.#choice(JSON.stringify(choice).slice(1, -1), JSON.stringify(finish_reason));
  }

  #choice(told: string, finishReason = "null"): string {
    const choices = `"choices":[{"index":0,${told},"finish_reason":${finishReason}}]`;
    // Who asked for the usage expects the field in every chunk.
    return this.#event(this.#form.hasUsage ? `${choices},"usage":null` : choices);
  }

  #event(members: string): string {
    return `${this.#head ?? headOf(headingOf({}, this.#terms))}${members}}\n\n`;
  }
}

function headOf({ id, created, model }: Heading): string {
  const heading = JSON.stringify({ id, object: "chat.completion.chunk", created, model });
  return `data: ${heading.slice(0, -1)},`;
}
