// What becomes of the fields at the top of a Messages request.
// Facts: the parameters of the public Messages API with its betas (@anthropic-ai/sdk 1.11), and of Claude Code 2.1.

import type { JsonObject } from "../../kit/json-value.ts";
import { FaultyRequest } from "../translation.ts";

type Fate =
  /** Has its place in the internal form. */
  | "taken"
  /** Says nothing about the answer: marks for the vendor's own cache, its accounting, what it keeps of old turns. */
  | "needless"
  /** Would make the answer another one than was asked for. */
  | "refused";

const FATES: Readonly<Record<string, Fate>> = {
  model: "taken",
  messages: "taken",
  system: "taken",
  tools: "taken",
  tool_choice: "taken",
  thinking: "taken",
  output_config: "taken",
  output_format: "taken",
  max_tokens: "taken",
  temperature: "taken",
  top_p: "taken",
  stream: "taken",
  metadata: "taken",
  speed: "taken",
  service_tier: "taken",
  anthropic_beta: "needless",
  anthropic_version: "needless",
  betas: "needless",
  cache_control: "needless",
  context_management: "needless",
  diagnostics: "needless",
  user_profile_id: "needless",
  workspace_id: "needless",
  container: "refused",
  mcp_servers: "refused",
  compaction: "refused",
};

/** Names of the fields that are given up, `stop_sequences` and `top_k` among them: a newer client must not fail for one. */
export function checkFields(asked: JsonObject): Set<string> {
  const dropped = new Set<string>();
  for (const [name, value] of Object.entries(asked)) {
    if (isEmpty(value)) continue;
    const fate = Object.hasOwn(FATES, name) ? FATES[name] : undefined;
    if (fate === undefined) dropped.add(name);
    if (fate === "refused") throw new FaultyRequest(name, `\`${name}\` is not available here: leave it out.`);
  }
  return dropped;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
