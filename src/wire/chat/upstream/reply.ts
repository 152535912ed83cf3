// A whole Chat Completions answer: read as the one chunk it might have been.

import { asList, asObject, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalAnswer, Item } from "../../internal.ts";
import type { UpstreamAnswerTerms } from "../../upstream-format.ts";
import { ChatReader } from "./stream.ts";

const EMPTY = JSON.stringify({ error: { message: "The upstream gave an answer without content." } });

export function chatAnswer(object: JsonObject, terms: UpstreamAnswerTerms): InternalAnswer {
  const reader = new ChatReader(terms);
  const choices = asList(object["choices"]).map((value) => {
    const { message, ...choice } = asObject(value) ?? {};
    return { ...choice, finish_reason: choice["finish_reason"] ?? "stop", delta: message };
  });
  const events = [...reader.read(null, JSON.stringify({ ...object, choices })), ...reader.end()];
  const last = reader.isOver ? events : reader.read(null, EMPTY);
  const response = asObject(last.at(-1)?.["response"]) ?? {};
  return { ...response, output: asList(response["output"]) as readonly Item[] };
}
