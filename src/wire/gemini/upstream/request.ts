// A request of the internal form as a request of the Gemini API.
// Facts: ai.google.dev/api/generate-content, …/gemini-api/docs/function-calling, …/structured-output.

import { asList, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import type { UpstreamRequest } from "../../upstream-format.ts";
import { chosenTool, UpstreamTools } from "../../upstream-tools.ts";
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
 * `client_metadata`, `metadata`), its tiers of service, `text.verbosity` and `parallel_tool_calls`, which have no counterpart.
 */
export function geminiRequest(request: InternalRequest): UpstreamRequest {
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

function toolFields(request: InternalRequest, tools: UpstreamTools): JsonObject {
  const functionDeclarations = tools.list.map(({ name, description, parameters }) => ({
    name,
    ...(description === null ? {} : { description }),
    parametersJsonSchema: parameters,
  }));
  const hasFunctions = functionDeclarations.length > 0;
  const list = [...(hasFunctions ? [{ functionDeclarations }] : []), ...tools.hosted.map(hostedTool)];
  if (list.length === 0) return {};
  const functionCallingConfig = choiceOf(request["tool_choice"] ?? "auto", tools);
  return { tools: list, ...(hasFunctions ? { toolConfig: { functionCallingConfig } } : {}) };
}

/** Models that do not search and call functions in one request say so themselves. */
function hostedTool(type: string): JsonObject {
  if (!type.startsWith("web_search")) throw new FaultyRequest("tools", `This upstream has no tool of type "${type}".`);
  return { googleSearch: {} };
}

/** `VALIDATED` leaves the choice to the model and holds its calls to their schemas. */
function choiceOf(choice: unknown, tools: UpstreamTools): JsonObject {
  if (choice === "none") return { mode: "NONE" };
  if (choice === "required") return { mode: "ANY" };
  if (choice === "auto") return { mode: tools.list.some(({ isStrict }) => isStrict) ? "VALIDATED" : "AUTO" };
  const allowed = asObject(choice)?.["type"] === "allowed_tools" ? asObject(choice) : null;
  const named = allowed === null ? [choice] : asList(allowed["tools"]);
  const allowedFunctionNames = named.map((one) => {
    const name = chosenTool(one, tools);
    if (name === null)
      throw new FaultyRequest("tool_choice", "This upstream can only be told to use functions by name.");
    return name;
  });
  return { mode: allowed === null || allowed["mode"] === "required" ? "ANY" : "VALIDATED", allowedFunctionNames };
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
