// Signatures of Gemini's thinking, packed into the one field that the internal form has for sealed reasoning. The mark keeps
// them apart from what other upstreams seal: nobody is ever sent another's.
// Facts: ai.google.dev/gemini-api/docs/thought-signatures: a signature goes back on the kind of part that it came on.

import { asText } from "../../../kit/json-value.ts";

const MARK = "cxg1";
const PLACES = ["next", "text", "thought"] as const;

/** A signature and the part it stood on: a call or a picture, which comes next; the text before it; or the thought itself. */
export interface Signature {
  readonly on: (typeof PLACES)[number];
  readonly signature: string;
}

export function packSignature({ on, signature }: Signature): string {
  return Buffer.from(`${MARK}\n${on}\n${signature}`).toString("base64");
}

/** Null for what was not packed here. */
export function unpackSignature(sealed: unknown): Signature | null {
  const [mark, place, signature = ""] = Buffer.from(asText(sealed) ?? "", "base64")
    .toString("utf8")
    .split("\n");
  const on = PLACES.find((one) => one === place);
  return mark !== MARK || on === undefined || signature === "" ? null : { on, signature };
}
