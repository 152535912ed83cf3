// Tools, and which of them the model may or must use.
// Facts: ai.google.dev/api/caching#Tool and #ToolConfig; Gemini CLI 0.61 searches by a request with `googleSearch` alone.

import { asList, asText, type JsonObject } from "../../kit/json-value.ts";
import type { ToolNames } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";
import { fieldsOf } from "./fields.ts";
import { parametersSchema } from "./schema.ts";

export interface OfferedTools {
  readonly tools: readonly JsonObject[];
  readonly hasFunctions: boolean;
  readonly dropped: readonly string[];
}

/** Searching, and reading pages of known address, are one tool upstream. */
const WEB = new Set(["googleSearch", "googleSearchRetrieval", "enterpriseWebSearch", "urlContext"]);

const READ_OF_FUNCTIONS = new Set(["name", "description", "parameters", "parametersJsonSchema"]);

/** What else Google runs itself, such as `codeExecution`, is refused: without it the answer would be another one. */
export function offeredTools(value: unknown, names: ToolNames): OfferedTools {
  const functions: JsonObject[] = [];
  const dropped = new Set<string>();
  let isSearching = false;
  for (const [at, entry] of listOf(value ?? [], "tools").entries()) {
    for (const [kind, field] of Object.entries(toolFields(entry, `tools[${at}]`))) {
      const place = `tools[${at}].${kind}`;
      if (kind === "functionDeclarations") {
        for (const [index, declaration] of listOf(field, place).entries()) {
          functions.push(functionTool(fieldsOf(declaration) ?? {}, `${place}[${index}]`, names));
          for (const key of unreadOf(declaration)) dropped.add(`tools.functionDeclarations.${key}`);
        }
      } else if (WEB.has(kind)) isSearching = true;
      else throw new FaultyRequest(place, `The tool \`${kind}\` is run by Google only, and not offered here.`);
    }
  }
  const tools = [...functions, ...(isSearching ? [{ type: "web_search" }] : [])];
  return { tools, hasFunctions: functions.length > 0, dropped: [...dropped] };
}

function listOf(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new FaultyRequest(place, `\`${place}\` must be a list.`);
}

function toolFields(entry: unknown, place: string): JsonObject {
  const fields = fieldsOf(entry);
  if (fields === null) throw new FaultyRequest(place, `\`${place}\` must be an object.`);
  return fields;
}

/** What a function gives back, and whether it may be waited for, is not told to any model. */
function unreadOf(declaration: unknown): readonly string[] {
  return Object.keys(fieldsOf(declaration) ?? {}).filter((key) => !READ_OF_FUNCTIONS.has(key));
}

function functionTool(declared: JsonObject, place: string, names: ToolNames): JsonObject {
  const name = asText(declared["name"]) ?? "";
  if (name === "") throw new FaultyRequest(`${place}.name`, `\`${place}.name\` must be a name.`);
  const description = asText(declared["description"]);
  const field = declared["parametersJsonSchema"] === undefined ? "parameters" : "parametersJsonSchema";
  return {
    type: "function",
    name: names.shorten(name),
    ...(description === null ? {} : { description }),
    parameters: parametersSchema(declared[field], `${place}.${field}`),
    // Left out, the upstream would take it as true and require every property.
    strict: false,
  };
}

/** VALIDATED leaves the choice to the model, as AUTO does; calls always follow their schema as well as a model can. */
const MODES: ReadonlyMap<string, "none" | "auto" | "required"> = new Map([
  ["NONE", "none"],
  ["AUTO", "auto"],
  ["MODE_UNSPECIFIED", "auto"],
  ["VALIDATED", "auto"],
  ["ANY", "required"],
]);

export function choiceOf(toolConfig: unknown, names: ToolNames): unknown {
  const config = fieldsOf(fieldsOf(toolConfig)?.["functionCallingConfig"]);
  if (config === null) return undefined;
  const mode = MODES.get((asText(config["mode"]) ?? "AUTO").toUpperCase());
  if (mode === undefined) {
    const place = "toolConfig.functionCallingConfig.mode";
    throw new FaultyRequest(place, `\`${place}\` must be one of: ${[...MODES.keys()].join(", ")}.`);
  }
  const allowed = asList(config["allowedFunctionNames"]).flatMap((name) => asText(name) ?? []);
  if (mode === "none" || allowed.length === 0) return mode;
  const tools = allowed.map((name) => ({ type: "function", name: names.shorten(name) }));
  return mode === "required" && tools.length === 1 ? tools[0] : { type: "allowed_tools", mode, tools };
}
