// Reasoning that a server tells openly is told to that server again, with the calls it led to, under the name that the server has
// for it. The name is kept in the one field that the internal form has for sealed reasoning, marked, since other upstreams refuse
// what they have not sealed and other servers fields that they do not know.
// Facts: api-docs.deepseek.com/guides/thinking_mode and platform.moonshot.ai/docs refuse calls whose reasoning is missing.

import { asText } from "../../../kit/json-value.ts";

const MARK = "cxc1";
/** DeepSeek, Moonshot and vLLM say the first, OpenRouter and Groq the second. */
export const REASONING_FIELDS = ["reasoning_content", "reasoning"] as const;
export type ReasoningField = (typeof REASONING_FIELDS)[number];

export interface ToldReasoning {
  readonly field: ReasoningField;
  /** Clients of other formats give back no more than the pack. */
  readonly text: string;
}

export function packReasoning({ field, text }: ToldReasoning): string {
  return Buffer.from(`${MARK}\n${field}\n${text}`).toString("base64");
}

/** Null for what was not packed here. */
export function unpackReasoning(sealed: unknown): ToldReasoning | null {
  const [mark, name, ...lines] = Buffer.from(asText(sealed) ?? "", "base64")
    .toString("utf8")
    .split("\n");
  const field = REASONING_FIELDS.find((one) => one === name);
  return mark !== MARK || field === undefined ? null : { field, text: lines.join("\n") };
}
