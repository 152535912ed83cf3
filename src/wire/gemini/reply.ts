// A finished answer as one object, and the last word of a streamed one, which says the same.

import { asText, type JsonObject } from "../../kit/json-value.ts";
import type { InternalAnswer } from "../internal.ts";
import type { AnswerTerms } from "../translation.ts";
import { type AnswerForm, AnswerParts, type Part } from "./answer-parts.ts";
import { finishReason, usageOf } from "./ending.ts";
import { groundingOf } from "./grounding.ts";

export function geminiReply(answer: InternalAnswer, form: AnswerForm, terms: AnswerTerms): object {
  const reader = new AnswerParts(form, terms.owner);
  const parts = reader.finish(answer.output);
  return endingOf(answer, { parts, reader, terms });
}

interface Ending {
  readonly parts: readonly Part[];
  readonly reader: AnswerParts;
  readonly terms: AnswerTerms;
}

export function endingOf(response: JsonObject, { parts, reader, terms }: Ending): JsonObject {
  const { items, hasBrokenCall } = reader;
  const groundingMetadata = groundingOf(items);
  const usageMetadata = usageOf(response);
  return responseOf({
    candidate: {
      content: { parts, role: "model" },
      finishReason: finishReason(response, items, hasBrokenCall),
      index: 0,
      ...(groundingMetadata === undefined ? {} : { groundingMetadata }),
    },
    about: usageMetadata === undefined ? {} : { usageMetadata },
    id: asText(response["id"]),
    terms,
  });
}

interface ResponseParts {
  /** Left out where it is written apart. */
  readonly candidate?: JsonObject;
  readonly about: JsonObject;
  readonly id: string | null;
  readonly terms: AnswerTerms;
}

/** One answer, or a piece of one: both have the same form. */
export function responseOf({ candidate, about, id, terms }: ResponseParts): JsonObject {
  return {
    ...(candidate === undefined ? {} : { candidates: [candidate] }),
    ...about,
    modelVersion: terms.model,
    ...(id === null ? {} : { responseId: id.replace(/^resp_/, "") }),
  };
}
