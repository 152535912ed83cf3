// A request of the internal form as a Messages request.
// Facts: platform.claude.com/docs/en/api/messages, …/build-with-claude/effort, …/prompt-caching.

import { asNumber, asObject, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import type { UpstreamRequest } from "../../upstream-format.ts";
import { choiceOf } from "../../upstream-choice.ts";
import { refuseKept } from "../../upstream-fields.ts";
import { UpstreamTools } from "../../upstream-tools.ts";
import profile from "./profile.json" with { type: "json" };
import { takesSampling, thinkingFields } from "./thinking.ts";
import { choiceFields, OWN_TOOLS, toolsOf } from "./tools.ts";
import { type Message, transcriptOf } from "./transcript.ts";

const CACHED = { cache_control: { type: "ephemeral" } };

/**
 * Left out on purpose: what is about storing, caching and tracing at OpenAI (`store`, `include`, `prompt_cache_key`,
 * `prompt_cache_retention`, `client_metadata`, `metadata`, `user`, `safety_identifier`), its tiers of service, what limits its own
 * tools (`max_tool_calls`) and how it shortens (`truncation`); and `text.verbosity`, `seed` and penalties, which have no counterpart.
 */
export function messagesRequest(request: InternalRequest): UpstreamRequest {
  refuseKept(request);
  const tools = new UpstreamTools(request);
  const { system, messages } = transcriptOf(request, tools);
  const choice = choiceOf(request, tools, OWN_TOOLS);
  const list = toolsOf(tools, choice);
  const maxTokens = asNumber(request["max_output_tokens"]) ?? profile.defaultMaxTokens;
  const thinking = thinkingFields(request, { messages, maxTokens, isForced: choice.mode === "required" });
  const format = formatOf(request);
  const body: JsonObject = {
    model: request.model,
    max_tokens: maxTokens,
    ...(system.length === 0 ? {} : { system: withMark(system) }),
    messages: markLast(messages),
    ...(list.length === 0 ? {} : { tools: withMark(list), tool_choice: choiceFields(request, choice) }),
    ...thinking,
    ...(format === null ? {} : { output_config: { ...asObject(thinking["output_config"]), format } }),
    ...(takesSampling(request.model ?? "", thinking) ? sampling(request) : {}),
    ...stopFields(request),
    stream: true,
  };
  return { path: "/v1/messages", body };
}

/** What stands before a mark is kept in the cache: instructions, tools, and the conversation up to its end. */
function withMark(blocks: readonly JsonObject[]): readonly JsonObject[] {
  return blocks.map((block, at) => (at === blocks.length - 1 ? { ...block, ...CACHED } : block));
}

function markLast(messages: readonly Message[]): readonly Message[] {
  return messages.map((message, at) => {
    const isLast = at === messages.length - 1 && message.role === "user";
    return isLast ? { ...message, content: [...withMark(message.content)] } : message;
  });
}

function formatOf(request: InternalRequest): JsonObject | null {
  const format = asObject(asObject(request["text"])?.["format"]);
  if (format === null || format["type"] === "text") return null;
  if (format["type"] === "json_schema") return { type: "json_schema", schema: format["schema"] };
  throw new FaultyRequest("text.format", "This upstream answers in text, or in JSON by a schema.");
}

/** One of both is all that Anthropic takes. */
function sampling({ temperature, top_p }: InternalRequest): JsonObject {
  if ((temperature ?? null) !== null) return { temperature };
  return (top_p ?? null) === null ? {} : { top_p };
}

function stopFields({ stop }: InternalRequest): JsonObject {
  if ((stop ?? null) === null) return {};
  return { stop_sequences: typeof stop === "string" ? [stop] : stop };
}
