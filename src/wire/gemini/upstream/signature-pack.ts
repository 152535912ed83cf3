// Signatures of Google's thinking, packed into the one field that the internal form has for sealed reasoning. The mark keeps them
// apart from what other upstreams seal: nobody is ever sent another's.

import { asText } from "../../../kit/json-value.ts";

const MARK = "cxg1\n";

export function packSignature(thoughtSignature: string): string {
  return Buffer.from(MARK + thoughtSignature).toString("base64");
}

/** Null for what was not packed here. */
export function unpackSignature(sealed: unknown): string | null {
  const text = Buffer.from(asText(sealed) ?? "", "base64").toString("utf8");
  return text.startsWith(MARK) ? text.slice(MARK.length) : null;
}
