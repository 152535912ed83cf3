// The tools of a request: what is offered, and what the client declared, which later decides how calls are told.
// Facts: tools of Chat Completions and Responses as the types of the OpenAI SDK 7.55 have them; Cursor mixes both forms.

import { asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import { ToolNames } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";

/**
 * How a tool was declared. A `flat_custom` tool stood in the form of Responses: clients that mix the forms know no custom
 * calls in Chat Completions and are told calls of functions.
 */
export type ToolKind = "function" | "custom" | "flat_custom";

export interface DeclaredTools {
  readonly names: ToolNames;
  /** By the names that the client wrote; what is declared as a function too counts as one. */
  readonly kinds: ReadonlyMap<string, ToolKind>;
  /** Whether the client used `functions`, which stood where `tools` stands now, and knows no tool calls. */
  readonly isLegacy: boolean;
}

export interface OfferedTools {
  /** In the internal form; undefined where the client said nothing of tools, which differs from an empty list. */
  readonly tools: readonly JsonObject[] | undefined;
  readonly declared: DeclaredTools;
}

interface Tool {
  readonly entry: JsonObject;
  /** As the client wrote it; null for hosted tools, which are known by their type alone. */
  readonly named: readonly [name: string, kind: ToolKind] | null;
}

/** An object of no properties: what a function takes that declares no parameters. */
const NO_PARAMETERS = { type: "object", properties: {} };

export function offeredTools(body: JsonObject): OfferedTools {
  const names = new ToolNames();
  const isLegacy = Array.isArray(body["functions"]) && !Array.isArray(body["tools"]);
  const listed = isLegacy
    ? listOf(body, "functions").map((entry, index) => functionTool(entry, entry, names, `functions[${index}]`))
    : listOf(body, "tools").map((entry, index) => readTool(entry, names, `tools[${index}]`));
  const tools = withoutRepeats(listed);
  const search = webSearch(body["web_search_options"]);
  const isSilent = !isLegacy && !Array.isArray(body["tools"]) && search.length === 0;
  return {
    tools: isSilent ? undefined : [...tools.map(({ entry }) => entry), ...search],
    declared: { names, kinds: new Map(tools.flatMap(({ named }) => (named === null ? [] : [named]))), isLegacy },
  };
}

function listOf(body: JsonObject, key: string): readonly unknown[] {
  const list = body[key] ?? [];
  if (!Array.isArray(list)) throw new FaultyRequest(key, `\`${key}\` must be a list.`);
  return list;
}

function readTool(value: unknown, names: ToolNames, place: string): Tool {
  const tool = asObject(value);
  if (tool === null) throw new FaultyRequest(place, `\`${place}\` must be an object.`);
  const type = asText(tool["type"]) ?? "function";
  if (type === "function") return functionTool(tool, tool["function"] ?? tool, names, place);
  if (type === "custom") return customTool(tool, names, place);
  // Hosted tools are called the same in both APIs.
  return { entry: tool, named: null };
}

/**
 * `value` is what describes the function: the tool itself where it lies flat, else its `function`. `strict` is off unless
 * the client says otherwise: that is so in Chat Completions, but not in Responses.
 */
function functionTool(tool: unknown, value: unknown, names: ToolNames, place: string): Tool {
  const inner = value === tool ? place : `${place}.function`;
  const declared = asObject(value);
  if (declared === null) throw new FaultyRequest(inner, `\`${inner}\` must be an object.`);
  const name = nameOf(declared, inner);
  const entry = {
    ...withoutMarks(asObject(tool) ?? {}, ["function"]),
    ...withoutMarks(declared),
    type: "function",
    name: names.shorten(name),
    parameters: parametersOf(declared["parameters"], `${inner}.parameters`),
    strict: declared["strict"] ?? false,
  };
  return { entry, named: [name, "function"] };
}

function parametersOf(value: unknown, place: string): JsonObject {
  if (value === undefined || value === null) return NO_PARAMETERS;
  const schema = asObject(value);
  if (schema === null) throw new FaultyRequest(place, `\`${place}\` must be a JSON schema.`);
  const isObject = schema["type"] === undefined || schema["type"] === "object";
  return isObject ? { ...NO_PARAMETERS, ...schema } : schema;
}

function customTool(tool: JsonObject, names: ToolNames, place: string): Tool {
  const nested = asObject(tool["custom"]);
  const declared = nested ?? tool;
  const name = nameOf(declared, nested === null ? place : `${place}.custom`);
  const format = asObject(declared["format"]);
  const grammar = asObject(format?.["grammar"]);
  const entry = {
    ...withoutMarks(declared),
    type: "custom",
    name: names.shorten(name),
    ...(format === null ? {} : { format: grammar === null ? format : { type: "grammar", ...grammar } }),
  };
  return { entry, named: [name, nested === null ? "flat_custom" : "custom"] };
}

function nameOf(declared: JsonObject, place: string): string {
  const name = asText(declared["name"]);
  if (name === null || name === "") throw new FaultyRequest(`${place}.name`, `\`${place}.name\` must be a name.`);
  return name;
}

/** Marks for the caches of other vendors say nothing here and would be refused. */
function withoutMarks(fields: JsonObject, more: readonly string[] = []): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(([key, value]) => value !== null && key !== "cache_control" && !more.includes(key)),
  );
}

/** Upstreams refuse a name that is there twice. The first of a name stays, but a function always wins over a custom tool. */
function withoutRepeats(tools: readonly Tool[]): readonly Tool[] {
  const kept = new Map<string, Tool>();
  for (const tool of tools) {
    if (tool.named === null) continue;
    const [name, kind] = tool.named;
    const other = kept.get(name)?.named?.[1];
    if (other === undefined || (other !== "function" && kind === "function")) kept.set(name, tool);
  }
  return tools.filter((tool) => tool.named === null || kept.get(tool.named[0]) === tool);
}

/** In Chat Completions searching is a setting, in Responses it is a tool. */
function webSearch(value: unknown): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  const options = asObject(value);
  if (options === null) throw new FaultyRequest("web_search_options", "`web_search_options` must be an object.");
  const { user_location: place, ...rest } = options;
  const location = asObject(place);
  const near = asObject(location?.["approximate"]) ?? location;
  return [
    { type: "web_search", ...rest, ...(near === null ? {} : { user_location: { type: "approximate", ...near } }) },
  ];
}
