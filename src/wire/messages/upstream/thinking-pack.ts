// Thinking blocks of Anthropic, packed into the one field that the internal form has for sealed reasoning. The mark keeps them
// apart from what other upstreams seal: nobody is ever sent another's.

import { asObject, asText, type JsonObject, parseJson } from "../../../kit/json-value.ts";

const MARK = "cxa1\n";

/** The block as it came, with its signature, or what was redacted. */
export function packThinking(block: JsonObject): string {
  return Buffer.from(MARK + JSON.stringify(block)).toString("base64");
}

/** Null for what was not packed here. */
export function unpackThinking(sealed: unknown): JsonObject | null {
  const text = Buffer.from(asText(sealed) ?? "", "base64").toString("utf8");
  return text.startsWith(MARK) ? asObject(parseJson(text.slice(MARK.length))) : null;
}
