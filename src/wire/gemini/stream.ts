// An answer as a stream of pieces, each a response of its own.
// Facts: the SDK in Gemini CLI 0.61 takes the stream apart by a pattern: `data: `, one line, an empty line. Nothing else may
// stand in between, and no other character that JavaScript takes for the end of a line inside.

import { asList, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { InternalEvent } from "../internal.ts";
import type { AnswerTerms, EventWriter } from "../translation.ts";
import { type AnswerForm, AnswerParts, type Part } from "./answer-parts.ts";
import { oneLine } from "./one-line.ts";
import { endingOf, responseOf } from "./reply.ts";

const LAST: ReadonlySet<string> = new Set(["response.completed", "response.done", "response.incomplete"]);

export class GeminiStream implements EventWriter {
  readonly #terms: AnswerTerms;
  readonly #reader: AnswerParts;
  #id: string | null = null;
  /** What every piece ends with. */
  #tail: string | null = null;

  constructor(form: AnswerForm, terms: AnswerTerms) {
    this.#terms = terms;
    this.#reader = new AnswerParts(form, terms.owner);
  }

  write(event: InternalEvent): string {
    const response = asObject(event["response"]);
    this.#id ??= asText(response?.["id"]);
    if (LAST.has(event.type)) return this.#end(event.type, response ?? {});
    const parts = this.#reader.read(event);
    return parts.length === 0 ? "" : this.#piece(parts);
  }

  /** Written piece by piece, for there is one for every few letters of an answer. */
  #piece(parts: readonly Part[]): string {
    this.#tail ??= tailOf(responseOf({ about: {}, id: this.#id, terms: this.#terms }));
    return `data: {"candidates":[{"content":{"parts":${oneLine(parts)},"role":"model"},"index":0}]${this.#tail}`;
  }

  #end(type: string, response: JsonObject): string {
    const parts = this.#reader.finish(asList(response["output"]));
    const ended = {
      ...response,
      // The first name counts, as in all pieces before.
      id: this.#id ?? asText(response["id"]),
      ...(type === "response.incomplete" ? { status: "incomplete" } : {}),
    };
    return eventOf(endingOf(ended, { parts, reader: this.#reader, terms: this.#terms }));
  }
}

/** Of an object without candidates, what follows them. */
function tailOf(response: JsonObject): string {
  return `,${oneLine(response).slice(1)}\n\n`;
}

function eventOf(response: JsonObject): string {
  return `data: ${oneLine(response)}\n\n`;
}
