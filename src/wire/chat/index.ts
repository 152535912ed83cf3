// The Chat Completions API as a client format.

import { asObject, parseJson } from "../../kit/json-value.ts";
import type { ClientProtocol, RequestTarget } from "../protocol.ts";
import { type Translated, translating } from "../translation.ts";
import { chatFailureAnswer, chatFailureEvent } from "./errors.ts";
import { chatReply } from "./reply.ts";
import { readChatFields, readRequest } from "./request.ts";
import { ChatStream } from "./stream.ts";

const PREFIXES = ["", "/v1"];
/** The API before this one, which continued a text; told apart from an unknown path by an answer that says what to use. */
const LEGACY = "/completions";

/** A comment: every SSE reader skips it, while an unknown chunk would be read as one of the answer. */
const HEARTBEAT = Buffer.from(": keepalive\n\n");

export const chat: ClientProtocol = {
  name: "chat",
  endpoints: PREFIXES.flatMap((prefix) => [
    { operation: "respond", method: "POST", path: `${prefix}/chat/completions` },
    { operation: "respond", method: "POST", path: `${prefix}${LEGACY}` },
  ]),
  // The list of models is the same as for Responses, at the same path.
  models: null,
  readFields: readChatFields,
  translate,
  countAnswer: null,
  failureAnswer: chatFailureAnswer,
  failureEvent: chatFailureEvent,
  heartbeat: () => HEARTBEAT,
};

function translate(text: Buffer, { path }: RequestTarget): Translated {
  if (!path.endsWith(`/chat${LEGACY}`))
    return refused("not_found", `${path} is not served: send messages to /v1/chat/completions.`);
  const body = asObject(parseJson(text));
  if (body === null) return refused("invalid_request", "The request body must be a JSON object.");
  return translating(() => {
    const { request, form, dropped } = readRequest(body);
    return {
      request,
      // This format has no field for sealed reasoning, so none comes back.
      sealOwner: null,
      dropped,
      stream: (terms) => new ChatStream(form, terms),
      reply: (answer, terms) => chatReply(answer, form, terms),
    };
  });
}

function refused(code: "not_found" | "invalid_request", message: string): Translated {
  return { ok: false, fault: { code, message } };
}
