// The Responses API as a client format.

import type { ClientProtocol, Endpoint } from "../protocol.ts";
import { responsesFailureAnswer, responsesFailureEvent } from "./errors.ts";
import { FORWARDED } from "./forwarded.ts";
import { openAiModels } from "./models.ts";
import { readRequestFields } from "./request.ts";

const PREFIXES = ["", "/v1", "/backend-api/codex"];

const EVENT_HEARTBEAT = Buffer.from('event: keepalive\ndata: {"type":"keepalive"}\n\n');
const COMMENT_HEARTBEAT = Buffer.from(": keepalive\n\n");

const forwarded = FORWARDED.flatMap((path) => ["", "/v1"].map((prefix) => `${prefix}${path}`));

export const responses: ClientProtocol = {
  name: "responses",
  endpoints: [
    ...forwarded.map((path): Endpoint => ({ operation: "forward", method: "POST", path })),
    ...PREFIXES.flatMap((prefix): Endpoint[] => [
      { operation: "respond", method: "POST", path: `${prefix}/responses` },
      { operation: "compact", method: "POST", path: `${prefix}/responses/compact` },
      { operation: "count", method: "POST", path: `${prefix}/responses/input_tokens` },
      { operation: "models", method: "GET", path: `${prefix}/models` },
      { operation: "models", method: "GET", path: new RegExp(`^${prefix}/models/[^/:]+$`) },
    ]),
  ],
  models: openAiModels,
  readFields: readRequestFields,
  translate: null,
  countAnswer: (tokens) => ({ object: "response.input_tokens", input_tokens: tokens }),
  failureAnswer: responsesFailureAnswer,
  failureEvent: responsesFailureEvent,
  // Codex restarts its idle clock for any event but not for comments; the SDKs take comments and refuse unknown events.
  heartbeat: (isNative) => (isNative ? EVENT_HEARTBEAT : COMMENT_HEARTBEAT),
};
