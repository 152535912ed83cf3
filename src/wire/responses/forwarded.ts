// Endpoints of the public API beside the ones that write text: nothing of them is translated, and only upstreams that speak the
// public API have them.
// Facts: developers.openai.com/api/docs/api-reference/embeddings, …/images, …/audio, …/moderations. Pictures and sound are sent as
// forms (RFC 7578), in which the model's name is a field like any other.

import type { RequestFields } from "../protocol.ts";
import { readRequestFields } from "./request.ts";

/** Below `/v1`. */
export const FORWARDED = [
  "/embeddings",
  "/images/generations",
  "/images/edits",
  "/images/variations",
  "/audio/speech",
  "/audio/transcriptions",
  "/audio/translations",
  "/moderations",
] as const;

const MODEL_FIELD = /name="?model"?[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]{1,200})\r\n/;
/** A model that is not named in the first bytes is looked for in the last: browsers and SDKs write files before or after it. */
const LOOKED_AT = 64 * 1024;

/** `contentType` tells a form from JSON. */
export function readForwardedFields(body: Buffer, contentType: string): RequestFields {
  if (!contentType.startsWith("multipart/")) return { ...readRequestFields(body), conversation: null };
  return { model: modelInForm(body), isStream: false, reasoningEffort: null, serviceTier: null, conversation: null };
}

function modelInForm(body: Buffer): string | null {
  const ends = [body.subarray(0, LOOKED_AT), body.subarray(-LOOKED_AT)];
  for (const end of ends) {
    const model = MODEL_FIELD.exec(end.toString("latin1"))?.[1];
    if (model !== undefined) return model;
  }
  return null;
}
