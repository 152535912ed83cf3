// A request of the internal form as a request of the Gemini API.
// Facts: ai.google.dev/api/generate-content, …/gemini-api/docs/function-calling, …/structured-output, …/tool-combination.

import { asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import type { UpstreamRequest } from "../../upstream-format.ts";
import { choiceOf, type ToolChoice } from "../../upstream-choice.ts";
import { refuseKept } from "../../upstream-fields.ts";
import { type UpstreamTool, UpstreamTools } from "../../upstream-tools.ts";
import { Contents } from "./contents.ts";
import { isSigning, thinkingConfig } from "./thinking.ts";

/** Fields of one name for both. */
const SAMPLING: ReadonlyArray<readonly [string, string]> = [
  ["max_output_tokens", "maxOutputTokens"],
  ["temperature", "temperature"],
  ["top_p", "topP"],
  ["seed", "seed"],
  ["frequency_penalty", "frequencyPenalty"],
  ["presence_penalty", "presencePenalty"],
];

/**
 * Left out on purpose: what is about storing, caching and tracing at OpenAI (`store`, `include`, `prompt_cache_key`,
 * `prompt_cache_retention`, `client_metadata`, `metadata`, `user`, `safety_identifier`), its tiers of service, what limits its own
 * tools (`max_tool_calls`) and how it shortens (`truncation`); and `text.verbosity` and `parallel_tool_calls`, which have no
 * counterpart.
 */
export function geminiRequest(request: InternalRequest): UpstreamRequest {
  refuseKept(request);
  const model = (request.model ?? "").replace(/^models\//, "");
  const tools = new UpstreamTools(request);
  const contents = new Contents(request, { tools, isSigning: isSigning(model) });
  const generationConfig = generationOf(request, model);
  const body: JsonObject = {
    contents: contents.list,
    ...(contents.system.length === 0 ? {} : { systemInstruction: { parts: contents.system } }),
    ...toolFields(request, tools),
    ...(Object.keys(generationConfig).length === 0 ? {} : { generationConfig }),
  };
  return { path: `/v1beta/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`, body };
}

/**
 * Searches stand beside functions only where what was searched is told and given back with its signatures, which the internal form
 * has no items for: beside functions they are left out.
 */
function toolFields(request: InternalRequest, tools: UpstreamTools): JsonObject {
  const hasFunctions = tools.list.length > 0;
  const own: ReadonlySet<string> = new Set(hasFunctions ? [] : ["web_search"]);
  const choice = choiceOf(request, tools, own);
  const hasSearch = tools.hostedBy(own).length > 0;
  if (!hasFunctions) return hasSearch && choice.mode !== "none" ? { tools: [{ googleSearch: {} }] } : {};
  return {
    tools: [{ functionDeclarations: tools.list.map(declarationOf) }],
    toolConfig: { functionCallingConfig: callingOf(choice, tools) },
  };
}

function declarationOf({ name, description, parameters }: UpstreamTool): JsonObject {
  return { name, ...(description === null ? {} : { description }), parametersJsonSchema: parameters };
}

/** `VALIDATED` leaves the choice to the model and holds its calls to their schemas. */
function callingOf({ mode, only }: ToolChoice, tools: UpstreamTools): JsonObject {
  if (mode === "none" || only?.length === 0) return { mode: "NONE" };
  const isHeld = only !== null || tools.list.some(({ isStrict }) => isStrict);
  return {
    mode: mode === "required" ? "ANY" : isHeld ? "VALIDATED" : "AUTO",
    ...(only === null ? {} : { allowedFunctionNames: only }),
  };
}

function generationOf(request: InternalRequest, model: string): JsonObject {
  const { stop } = request;
  const thinking = thinkingConfig(request, model);
  return {
    ...Object.fromEntries(
      SAMPLING.flatMap(([name, theirs]) => (typeof request[name] === "number" ? [[theirs, request[name]]] : [])),
    ),
    ...(stop === undefined || stop === null ? {} : { stopSequences: typeof stop === "string" ? [stop] : stop }),
    ...formatOf(asObject(asObject(request["text"])?.["format"])),
    ...(thinking === undefined ? {} : { thinkingConfig: thinking }),
  };
}

function formatOf(format: JsonObject | null): JsonObject {
  const responseMimeType = "application/json";
  switch (asText(format?.["type"]) ?? "text") {
    case "text":
      return {};
    case "json_object":
      return { responseMimeType };
    case "json_schema":
      return { responseMimeType, responseJsonSchema: format?.["schema"] };
    default:
      throw new FaultyRequest("text.format", "This upstream answers in text or in JSON, with or without a schema.");
  }
}
