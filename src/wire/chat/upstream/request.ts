// A request of the internal form as a Chat Completions request.
// Facts: developers.openai.com/api/docs/api-reference/chat; `max_tokens` instead of `max_completion_tokens`, since compatible
// servers know only that.

import { asNumber, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import type { UpstreamRequest } from "../../upstream-format.ts";
import { chosenTool, UpstreamTools } from "../../upstream-tools.ts";
import profile from "./profile.json" with { type: "json" };
import { messagesOf } from "./messages.ts";

/**
 * Left out on purpose: what is about storing, caching and tracing at OpenAI (`store`, `include`, `prompt_cache_key`,
 * `client_metadata`, `metadata`), and summaries of reasoning, which compatible servers tell unasked.
 */
export function chatRequest(request: InternalRequest): UpstreamRequest {
  const tools = new UpstreamTools(request);
  if (tools.hosted.length > 0) {
    const kind = tools.hosted[0] ?? "";
    throw new FaultyRequest("tools", `This upstream has no tool of type "${kind}": it serves functions only.`);
  }
  const body: Record<string, unknown> = {
    model: request.model,
    messages: messagesOf(request, tools),
    stream: true,
    stream_options: { include_usage: true },
    ...toolFields(request, tools),
    ...outputFields(request),
    ...sampling(request),
  };
  return { path: "/chat/completions", body };
}

function toolFields(request: InternalRequest, tools: UpstreamTools): JsonObject {
  if (tools.list.length === 0) return {};
  const list = tools.list.map(({ name, description, parameters, isStrict }) => ({
    type: "function",
    function: {
      name,
      ...(description === null ? {} : { description }),
      parameters,
      ...(isStrict ? { strict: true } : {}),
    },
  }));
  const { tool_choice: choice, parallel_tool_calls: parallel } = request;
  return {
    tools: list,
    ...(choice === undefined ? {} : { tool_choice: choiceOf(choice, tools) }),
    ...(parallel === undefined ? {} : { parallel_tool_calls: parallel }),
  };
}

function choiceOf(choice: unknown, tools: UpstreamTools): unknown {
  if (typeof choice === "string") return choice;
  const name = chosenTool(choice, tools);
  if (name !== null) return { type: "function", function: { name } };
  if (asObject(choice)?.["type"] === "allowed_tools") return asText(asObject(choice)?.["mode"]) ?? "auto";
  throw new FaultyRequest("tool_choice", "This upstream can only be told to use a function by its name.");
}

function outputFields(request: InternalRequest): JsonObject {
  const text = asObject(request["text"]);
  const format = asObject(text?.["format"]);
  const effort = asText(asObject(request["reasoning"])?.["effort"]);
  const verbosity = asText(text?.["verbosity"]);
  return {
    ...(format === null || format["type"] === "text" ? {} : { response_format: formatOf(format) }),
    ...(effort === null ? {} : { reasoning_effort: effort }),
    ...(verbosity === null ? {} : { verbosity }),
  };
}

function formatOf({ type, ...format }: JsonObject): JsonObject {
  if (type === "json_object") return { type };
  if (type === "json_schema") return { type, json_schema: format };
  throw new FaultyRequest("text.format", "This upstream answers in text or in JSON, with or without a schema.");
}

function sampling(request: InternalRequest): JsonObject {
  const limit = asNumber(request["max_output_tokens"]);
  const kept = profile.passedFields;
  return {
    ...(limit === null ? {} : { [profile.limitField]: limit }),
    ...Object.fromEntries(kept.filter((key) => request[key] !== undefined).map((key) => [key, request[key]])),
  };
}
