// A request of the internal form as a Chat Completions request.
// Facts: developers.openai.com/api/docs/api-reference/chat; `max_tokens` instead of `max_completion_tokens`, since compatible
// servers know only that.

import { asNumber, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import type { UpstreamRequest } from "../../upstream-format.ts";
import { choiceOf, forcedTool, offeredTools } from "../../upstream-choice.ts";
import { refuseKept } from "../../upstream-fields.ts";
import { UpstreamTools } from "../../upstream-tools.ts";
import profile from "./profile.json" with { type: "json" };
import { messagesOf } from "./messages.ts";

/** Servers of this format serve functions only. */
const NO_TOOLS: ReadonlySet<string> = new Set();

/**
 * Left out on purpose: what is about storing, caching and tracing at OpenAI (`store`, `include`, `prompt_cache_key`,
 * `prompt_cache_retention`, `client_metadata`, `metadata`, `user`, `safety_identifier`), what limits its own tools
 * (`max_tool_calls`) and how it shortens (`truncation`), and summaries of reasoning, which compatible servers tell unasked.
 */
export function chatRequest(request: InternalRequest): UpstreamRequest {
  refuseKept(request);
  const tools = new UpstreamTools(request);
  tools.hostedBy(NO_TOOLS);
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
  const choice = choiceOf(request, tools);
  const offered = offeredTools(tools, choice);
  if (offered.length === 0) return {};
  const list = offered.map(({ name, description, parameters, isStrict }) => ({
    type: "function",
    function: {
      name,
      ...(description === null ? {} : { description }),
      parameters,
      ...(isStrict ? { strict: true } : {}),
    },
  }));
  const forced = forcedTool(choice);
  const { tool_choice: asked, parallel_tool_calls: parallel } = request;
  return {
    tools: list,
    ...((asked ?? null) === null
      ? {}
      : { tool_choice: forced === null ? choice.mode : { type: "function", function: { name: forced } } }),
    ...(parallel === undefined ? {} : { parallel_tool_calls: parallel }),
  };
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
