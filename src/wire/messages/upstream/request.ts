// A request of the internal form as a Messages request.
// Facts: platform.claude.com/docs/en/api/messages, …/build-with-claude/effort, …/prompt-caching.

import { asNumber, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import type { UpstreamRequest } from "../../upstream-format.ts";
import { chosenTool, UpstreamTools } from "../../upstream-tools.ts";
import profile from "./profile.json" with { type: "json" };
import { type Message, transcriptOf } from "./transcript.ts";

const CACHED = { cache_control: { type: "ephemeral" } };
/** Efforts by the nearest word that Anthropic has. */
const EFFORTS: Readonly<Record<string, string>> = profile.efforts;

/** Left out on purpose: what is about storing and tracing at OpenAI, and `text.verbosity`, which has no counterpart. */
export function messagesRequest(request: InternalRequest): UpstreamRequest {
  const tools = new UpstreamTools(request);
  const { system, messages } = transcriptOf(request, tools);
  const thinking = thinkingFields(request);
  const format = formatOf(request);
  const body: JsonObject = {
    model: request.model,
    // The limit has to be named; so many any current model can write.
    max_tokens: asNumber(request["max_output_tokens"]) ?? profile.defaultMaxTokens,
    ...(system.length === 0 ? {} : { system: withMark(system) }),
    messages: markLast(messages),
    ...toolFields(request, tools),
    ...thinking,
    ...(format === null ? {} : { output_config: { ...asObject(thinking["output_config"]), format } }),
    ...sampling(request, thinking),
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

function toolFields(request: InternalRequest, tools: UpstreamTools): JsonObject {
  const functions = tools.list.map(({ name, description, parameters, isStrict }) => ({
    name,
    ...(description === null ? {} : { description }),
    input_schema: { ...parameters, type: "object" },
    ...(isStrict ? { strict: true } : {}),
  }));
  const list = [...functions, ...tools.hosted.map(hostedTool)];
  if (list.length === 0) return {};
  return { tools: withMark(list), tool_choice: choiceOf(request, tools) };
}

function hostedTool(type: string): JsonObject {
  if (type !== "web_search") throw new FaultyRequest("tools", `This upstream has no tool of type "${type}".`);
  return { type: profile.webSearchTool, name: "web_search" };
}

function choiceOf(request: InternalRequest, tools: UpstreamTools): JsonObject {
  const { tool_choice: choice } = request;
  const single = request["parallel_tool_calls"] === false ? { disable_parallel_tool_use: true } : {};
  if (choice === "none") return { type: "none" };
  if (choice === "required") return { type: "any", ...single };
  const name = chosenTool(choice, tools);
  return name === null ? { type: "auto", ...single } : { type: "tool", name, ...single };
}

function thinkingFields(request: InternalRequest): JsonObject {
  const effort = asText(asObject(request["reasoning"])?.["effort"]);
  if (effort === null) return {};
  if (effort === "none") return { thinking: { type: "disabled" } };
  return { thinking: { type: "adaptive" }, output_config: { effort: EFFORTS[effort] ?? effort } };
}

function formatOf(request: InternalRequest): JsonObject | null {
  const format = asObject(asObject(request["text"])?.["format"]);
  if (format === null || format["type"] === "text") return null;
  if (format["type"] === "json_schema") return { type: "json_schema", schema: format["schema"] };
  throw new FaultyRequest("text.format", "This upstream answers in text, or in JSON by a schema.");
}

/** A model that thinks takes no sampling. */
function sampling(request: InternalRequest, thinking: JsonObject): JsonObject {
  const isThinking = asObject(thinking["thinking"])?.["type"] === "adaptive";
  const kept = isThinking ? [] : ["temperature", "top_p"];
  const stop = request["stop"];
  return {
    ...Object.fromEntries(kept.filter((key) => request[key] !== undefined).map((key) => [key, request[key]])),
    ...(stop === undefined ? {} : { stop_sequences: typeof stop === "string" ? [stop] : stop }),
  };
}
