// A whole message: read as the stream it might have been.

import { asList, asObject, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalAnswer, InternalEvent, Item } from "../../internal.ts";
import type { UpstreamAnswerTerms } from "../../upstream-format.ts";
import { MessagesReader } from "./stream.ts";

export function messagesAnswer(object: JsonObject, terms: UpstreamAnswerTerms): InternalAnswer {
  const reader = new MessagesReader(terms);
  const tell = (event: JsonObject): readonly InternalEvent[] => reader.read(null, JSON.stringify(event));
  tell({ type: "message_start", message: object });
  for (const [index, content_block] of asList(object["content"]).entries()) {
    tell({ type: "content_block_start", index, content_block });
    tell({ type: "content_block_stop", index });
  }
  tell({ type: "message_delta", delta: { stop_reason: object["stop_reason"] } });
  const last = tell({ type: "message_stop" }).at(-1);
  const response = asObject(last?.["response"]) ?? {};
  return { ...response, output: asList(response["output"]) as readonly Item[] };
}
