// Frames that the gateway writes itself, in the form in which Codex reads them.
// Facts: openai/codex, codex-api: a frame `error` ends a request only when it carries `status`, whose body is then the
// frame itself; `response.metadata` carries the turn state, which comes as a header over HTTP.

import { randomUUID } from "node:crypto";
import type { ClientAnswer } from "../../wire/protocol.ts";
import { asObject, asText, parseJson } from "../../kit/json-value.ts";

/** An error answer of HTTP as a frame. Never with `status_code` beside `status`: Codex would not read it. */
export function errorFrame({ status, headers, body }: ClientAnswer): Buffer {
  const { "content-type": _type, "content-length": _length, ...told } = headers;
  return jsonFrame({ type: "error", status, error: errorOf(body), headers: told });
}

function errorOf(body: Buffer): object {
  const said = asObject(parseJson(body));
  const error = asObject(said?.["error"]);
  if (error !== null) return error;
  const message = asText(said?.["detail"]) ?? asText(said?.["message"]) ?? body.toString("utf8");
  return { type: "invalid_request_error", code: null, message, param: null };
}

/** Without a status: it ends nothing. */
export function unknownFrame(type: string): Buffer {
  const message = `There are no frames of type ${JSON.stringify(type.slice(0, 100))} here, only "response.create".`;
  return jsonFrame({
    type: "error",
    error: { type: "invalid_request_error", code: "invalid_request", message, param: "type" },
  });
}

export function turnStateFrame(turnState: string): Buffer {
  return jsonFrame({ type: "response.metadata", headers: { "x-codex-turn-state": turnState } });
}

/** An `error` event of a stream ends the answer, which over a WebSocket only this does. */
export function failedFrame(event: Buffer): Buffer {
  const said = asObject(parseJson(event)) ?? {};
  const { code, message } = asObject(said["error"]) ?? said;
  const error = {
    code: asText(code) ?? "upstream_error",
    message: asText(message) ?? "The upstream reported an error.",
  };
  return jsonFrame({ type: "response.failed", response: { object: "response", status: "failed", output: [], error } });
}

export interface Prewarmed {
  readonly responseId: string;
  readonly frames: readonly Buffer[];
}

const NO_TOKENS = {
  input_tokens: 0,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 0,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 0,
};

/** The answer to a request that wants none: a response to go on from. `now` is in epoch ms. */
export function prewarmed(model: string | null, now: number): Prewarmed {
  const responseId = `resp_${randomUUID().replaceAll("-", "")}`;
  const response = { id: responseId, object: "response", created_at: Math.floor(now / 1000), model, output: [] };
  const created = { type: "response.created", sequence_number: 0, response: { ...response, status: "in_progress" } };
  const done = { ...response, status: "completed", usage: NO_TOKENS };
  const completed = { type: "response.completed", sequence_number: 1, response: done };
  return { responseId, frames: [jsonFrame(created), jsonFrame(completed)] };
}

function jsonFrame(frame: object): Buffer {
  return Buffer.from(JSON.stringify(frame));
}
