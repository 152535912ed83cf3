// A whole answer of the Gemini API: read as the one piece of a stream it might have been.

import { asList, asObject, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalAnswer, Item } from "../../internal.ts";
import type { UpstreamAnswerTerms } from "../../upstream-format.ts";
import { GeminiReader } from "./stream.ts";

const EMPTY = JSON.stringify({ error: { message: "The upstream gave an answer without content." } });

export function geminiAnswer(object: JsonObject, terms: UpstreamAnswerTerms): InternalAnswer {
  const reader = new GeminiReader(terms);
  const candidates = asList(object["candidates"]).map((candidate) => ({
    finishReason: "STOP",
    ...asObject(candidate),
  }));
  const events = [...reader.read(null, JSON.stringify({ ...object, candidates })), ...reader.end()];
  const last = reader.isOver ? events : reader.read(null, EMPTY);
  const response = asObject(last.at(-1)?.["response"]) ?? {};
  return { ...response, output: asList(response["output"]) as readonly Item[] };
}
