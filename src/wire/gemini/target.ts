// What the path of a request says: which model is asked, and for what.
// Facts: paths of ai.google.dev/api/generate-content; the SDKs write the model as they are given it, with `models/` in
// front or not, and some of them encode it.

import { pathWord } from "../../kit/path-word.ts";
import type { Endpoint, RequestTarget } from "../protocol.ts";

const CALL = /^\/v1(?:beta|alpha)?\/(?:models|tunedModels)\/(.+)(?::|%3A)(\w+)$/i;
const COUNT = /^\/v1(?:beta|alpha)?\/(?:models|tunedModels)\/.+(?::|%3A)countTokens$/i;

export const endpoints: readonly Endpoint[] = [
  { operation: "count", method: "POST", path: COUNT },
  // Every other call, too, so that those nobody serves are told so in this format.
  { operation: "respond", method: "POST", path: CALL },
  { operation: "models", method: "GET", path: /^\/v1(?:beta|alpha)\/models(?:\/[^/:]+)?$/ },
];

export function modelOf({ path }: RequestTarget): string | null {
  const model = pathWord(CALL.exec(path)?.[1] ?? "").replace(/^(?:models|tunedModels)\//, "");
  return model === "" ? null : model;
}

/** The call by its name, as `generateContent`. */
export function callOf({ path }: RequestTarget): string {
  return CALL.exec(path)?.[2] ?? "";
}

/**
 * Streams are always server-sent events, as with `alt=sse`, which every SDK asks for. Without it Google sends the elements
 * of one JSON list; a failure in the middle of a list could not be told.
 */
export function isStreamed(target: RequestTarget): boolean {
  return callOf(target) === "streamGenerateContent";
}

export function isCount({ path }: RequestTarget): boolean {
  return COUNT.test(path);
}
