// How a failure looks to a client that speaks the Responses API.

import type { Failure } from "../../contract/failure.ts";
import { openAiFailureAnswer, upstreamAnswer } from "../openai-failure.ts";
import type { ClientAnswer, FailureContext } from "../protocol.ts";

/** Faults of the request are told in the upstream's own words, to the byte. */
export function responsesFailureAnswer(failure: Failure, context: FailureContext): ClientAnswer {
  return upstreamAnswer(failure, context) ?? openAiFailureAnswer(failure, context);
}

/** `response.failed`, which ends a stream for Codex and for the SDKs alike. */
export function responsesFailureEvent(failure: Failure): Buffer {
  const error = { code: failure.code, message: failure.message };
  const event = { type: "response.failed", response: { object: "response", status: "failed", output: [], error } };
  return Buffer.from(`event: response.failed\ndata: ${JSON.stringify(event)}\n\n`);
}
