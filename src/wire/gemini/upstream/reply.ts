// A whole Gemini answer: it has the form of a piece of a stream.

import { asList, asObject, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalAnswer, Item } from "../../internal.ts";
import type { UpstreamAnswerTerms } from "../../upstream-format.ts";
import { GeminiReader } from "./stream.ts";

export function geminiAnswer(object: JsonObject, terms: UpstreamAnswerTerms): InternalAnswer {
  const reader = new GeminiReader(terms);
  const last = [...reader.read(null, JSON.stringify(object)), ...reader.end()].at(-1);
  const response = asObject(last?.["response"]) ?? {};
  return { ...response, output: asList(response["output"]) as readonly Item[] };
}
