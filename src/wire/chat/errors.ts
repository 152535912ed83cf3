// How a failure looks to a client that speaks Chat Completions.
// Facts: the OpenAI SDKs (7.55) look for `error` in the body of an answer and in every chunk of a stream.

import type { Failure } from "../../contract/failure.ts";
import { asObject, asText, parseJson } from "../../kit/json-value.ts";
import { openAiError, openAiFailureAnswer, upstreamAnswer } from "../openai-failure.ts";
import type { ClientAnswer, FailureContext } from "../protocol.ts";

/** Faults of the request keep the upstream's words and status; the form is always the one that these clients read. */
export function chatFailureAnswer(failure: Failure, context: FailureContext): ClientAnswer {
  const own = upstreamAnswer(failure, context);
  if (own === null) return openAiFailureAnswer(failure, context);
  const told = asObject(asObject(parseJson(own.body))?.["error"]);
  const error = asText(told?.["message"]) === null ? openAiError(failure) : { ...openAiError(failure), ...told };
  return {
    status: own.status,
    headers: { ...own.headers, "content-type": "application/json" },
    body: Buffer.from(JSON.stringify({ error })),
  };
}

export const STREAM_END = "data: [DONE]\n\n";

/** The error in place of a further chunk, and the end. No chunk with a `finish_reason` makes the answer look complete. */
export function chatFailureEvent(failure: Failure): Buffer {
  return Buffer.from(`data: ${JSON.stringify({ error: openAiError(failure) })}\n\n${STREAM_END}`);
}
