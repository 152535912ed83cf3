// Reasoning that a server tells openly is told to that server again, with the calls it led to, under the name that the server has
// for it. The name is kept in the one field that the internal form has for sealed reasoning, marked, since other upstreams refuse
// what they have not sealed and other servers fields that they do not know.
// Facts: api-docs.deepseek.com/guides/thinking_mode and platform.moonshot.ai/docs refuse calls whose reasoning is missing.

import { asText } from "../../../kit/json-value.ts";

const MARK = "cxc1";
/** DeepSeek, Moonshot and vLLM say the first, OpenRouter and Groq the second. */
export const REASONING_FIELDS = ["reasoning_content", "reasoning"] as const;
export type ReasoningField = (typeof REASONING_FIELDS)[number];

export function packReasoning(field: ReasoningField): string {
  return Buffer.from(`${MARK}\n${field}`).toString("base64");
}

/** Null for what was not packed here. */
export function unpackReasoning(sealed: unknown): ReasoningField | null {
  const [mark, name] = Buffer.from(asText(sealed) ?? "", "base64")
    .toString("utf8")
    .split("\n");
  return mark === MARK ? (REASONING_FIELDS.find((field) => field === name) ?? null) : null;
}
