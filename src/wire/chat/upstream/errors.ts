// What an error of an OpenAI-compatible server says: `{error: {message, type, code}}`, `{error: "…"}` or `{message}`.
// Facts: OpenRouter gives statuses as codes, in streams too (openrouter.ai/docs/api-reference/errors); vLLM, DeepSeek and OpenRouter
// tell a conversation that is too long in words only, as reported in public issue threads.

import { asNumber, asObject, asText } from "../../../kit/json-value.ts";
import type { UpstreamComplaint } from "../../upstream-format.ts";

const STATUSES: Readonly<Record<string, string>> = {
  402: "insufficient_quota",
  429: "rate_limit_exceeded",
  502: "server_is_overloaded",
  503: "server_is_overloaded",
  529: "server_is_overloaded",
};
const TOO_LONG = /^This (?:model|endpoint)'s maximum context length is \d+ tokens/;

export function chatComplaint(body: unknown): UpstreamComplaint {
  const outer = asObject(body);
  const error = asObject(outer?.["error"]);
  const told = error ?? outer;
  const message = asText(told?.["message"]) ?? asText(outer?.["error"]) ?? "";
  const code = asText(told?.["code"]) ?? asNumber(told?.["code"])?.toString() ?? null;
  const known = TOO_LONG.test(message) ? "context_length_exceeded" : STATUSES[code ?? ""];
  return { code: known ?? code, type: asText(told?.["type"]), message };
}
