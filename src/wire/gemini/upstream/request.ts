// A request of the internal form as a Gemini request.
// Facts: ai.google.dev/api/generate-content.

import { asNumber, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import type { UpstreamRequest } from "../../upstream-format.ts";
import { chosenTool, UpstreamTools } from "../../upstream-tools.ts";
import { contentsOf } from "./contents.ts";

/** Levels by the nearest word that Google has. */
const LEVELS: Readonly<Record<string, string>> = {
  minimal: "MINIMAL",
  low: "LOW",
  medium: "MEDIUM",
  high: "HIGH",
  xhigh: "HIGH",
  max: "HIGH",
};

/** Left out on purpose: what is about storing and tracing at OpenAI, `parallel_tool_calls` and `text.verbosity`. */
export function geminiRequest(request: InternalRequest): UpstreamRequest {
  const tools = new UpstreamTools(request);
  const { system, contents } = contentsOf(request, tools);
  const generationConfig = configOf(request);
  const body = {
    contents,
    ...(system.length === 0 ? {} : { systemInstruction: { parts: system } }),
    ...toolFields(request, tools),
    ...(Object.keys(generationConfig).length === 0 ? {} : { generationConfig }),
  };
  const model = encodeURIComponent(request.model ?? "");
  return { path: `/v1beta/models/${model}:streamGenerateContent?alt=sse`, body };
}

function toolFields(request: InternalRequest, tools: UpstreamTools): JsonObject {
  const functionDeclarations = tools.list.map(({ name, description, parameters }) => ({
    name,
    ...(description === null ? {} : { description }),
    parametersJsonSchema: parameters,
  }));
  const list = [
    ...(functionDeclarations.length === 0 ? [] : [{ functionDeclarations }]),
    ...tools.hosted.map(hostedTool),
  ];
  if (list.length === 0) return {};
  const functionCallingConfig = choiceOf(request["tool_choice"], tools);
  return { tools: list, ...(functionCallingConfig === null ? {} : { toolConfig: { functionCallingConfig } }) };
}

function hostedTool(type: string): JsonObject {
  if (type !== "web_search") throw new FaultyRequest("tools", `This upstream has no tool of type "${type}".`);
  return { googleSearch: {} };
}

function choiceOf(choice: unknown, tools: UpstreamTools): JsonObject | null {
  if (choice === undefined || choice === "auto") return null;
  if (choice === "none") return { mode: "NONE" };
  if (choice === "required") return { mode: "ANY" };
  const name = chosenTool(choice, tools);
  return name === null ? null : { mode: "ANY", allowedFunctionNames: [name] };
}

function configOf(request: InternalRequest): JsonObject {
  const format = asObject(asObject(request["text"])?.["format"]);
  const stop = request["stop"];
  const named: JsonObject = {
    temperature: asNumber(request["temperature"]) ?? undefined,
    topP: asNumber(request["top_p"]) ?? undefined,
    maxOutputTokens: asNumber(request["max_output_tokens"]) ?? undefined,
    stopSequences: stop === undefined ? undefined : typeof stop === "string" ? [stop] : stop,
    responseMimeType: format === null || format["type"] === "text" ? undefined : "application/json",
    responseJsonSchema: format?.["type"] === "json_schema" ? format["schema"] : undefined,
    thinkingConfig: thinkingOf(asObject(request["reasoning"])),
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function thinkingOf(reasoning: JsonObject | null): JsonObject | undefined {
  const effort = asText(reasoning?.["effort"]);
  const isShown = asText(reasoning?.["summary"]) !== null;
  if (effort === "none") return { thinkingBudget: 0 };
  const level = effort === null ? undefined : LEVELS[effort];
  if (level === undefined && !isShown) return undefined;
  return { ...(level === undefined ? {} : { thinkingLevel: level }), ...(isShown ? { includeThoughts: true } : {}) };
}
