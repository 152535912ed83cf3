// The tools of a request and which of them the model may or must use.
// Facts: the tool types of the public Messages API (@anthropic-ai/sdk 1.11); Claude Code 2.1 adds and removes tools in the
// middle of a conversation.

import { asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { ToolNames } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";
import type { Placed } from "./parts.ts";
import { isStrictSchema, toolSchema } from "./schema.ts";

export interface ToolTerms {
  readonly names: ToolNames;
  /** Takes the names of fields that are left out. */
  readonly dropped: Set<string>;
}

/** By the names that the client gave them. */
export type Tools = ReadonlyMap<string, JsonObject>;

const WEB_SEARCH = /^web_search_\d+$/;
const TOOL_SEARCH = /^tool_search_tool_/;

export function readTools(listed: unknown, changes: readonly Placed[], terms: ToolTerms): Tools {
  if (listed !== undefined && listed !== null && !Array.isArray(listed)) {
    throw new FaultyRequest("tools", "`tools` must be a list of tools.");
  }
  const tools = new Map<string, JsonObject>();
  for (const [index, entry] of (listed ?? []).entries()) {
    addTool(tools, { block: asObject(entry) ?? {}, place: `tools[${index}]` }, terms);
  }
  applyChanges(tools, changes, terms);
  return tools;
}

/** A tool that is removed and added again keeps its definition. */
function applyChanges(tools: Map<string, JsonObject>, changes: readonly Placed[], terms: ToolTerms): void {
  const known = new Map(tools);
  for (const { block, place } of changes) {
    const tool = asObject(block["tool"]) ?? {};
    const definition = asObject(tool["definition"]);
    if (block["type"] === "tool_addition" && definition !== null) {
      addTool(tools, { block: definition, place: `${place}.tool.definition` }, terms);
      for (const [name, added] of tools) known.set(name, added);
      continue;
    }
    const name = asText(tool["name"]);
    const found = name === null ? undefined : known.get(name);
    if (tool["type"] !== "tool_reference" || name === null) {
      throw new FaultyRequest(`${place}.tool`, "Only tools of the request itself can be added or removed here.");
    }
    if (block["type"] === "tool_removal") tools.delete(name);
    else if (found !== undefined) tools.set(name, found);
  }
}

function addTool(tools: Map<string, JsonObject>, { block, place }: Placed, terms: ToolTerms): void {
  const type = block["type"] ?? "custom";
  // All tools are given from the start: there is nothing to search for.
  if (typeof type === "string" && TOOL_SEARCH.test(type)) return;
  const name = asText(block["name"]) ?? "";
  if (name === "") throw new FaultyRequest(`${place}.name`, `\`${place}.name\` must be the name of a tool.`);
  if (type === "custom") tools.set(name, functionTool(block, name, terms));
  else if (typeof type === "string" && WEB_SEARCH.test(type)) tools.set(name, searchTool(block, place, terms));
  else {
    const message = `The tool type \`${asText(type)}\` is not available here: tools with an \`input_schema\` and \`web_search_…\` are.`;
    throw new FaultyRequest(`${place}.type`, message);
  }
}

function functionTool(tool: JsonObject, name: string, { names, dropped }: ToolTerms): JsonObject {
  const parameters = toolSchema(asObject(tool["input_schema"]) ?? {});
  if (tool["input_examples"] !== undefined) dropped.add("tools.input_examples");
  return {
    type: "function",
    name: names.shorten(name),
    description: asText(tool["description"]) ?? undefined,
    parameters,
    // Left out it would mean true, and make every property required.
    strict: tool["strict"] === true && isStrictSchema(parameters),
  };
}

function searchTool(tool: JsonObject, place: string, { dropped }: ToolTerms): JsonObject {
  for (const field of ["blocked_domains", "max_uses"]) {
    if (tool[field] !== undefined && tool[field] !== null) dropped.add(`${place}.${field}`);
  }
  const domains = tool["allowed_domains"];
  return {
    type: "web_search",
    filters: Array.isArray(domains) ? { allowed_domains: domains } : undefined,
    user_location: asObject(tool["user_location"]) ?? undefined,
  };
}

export interface Choice {
  readonly tool_choice?: string | JsonObject;
  readonly parallel_tool_calls?: boolean;
}

/** Says nothing where there are no tools: upstreams refuse a choice among none. */
export function readChoice(value: unknown, tools: Tools): Choice {
  if (tools.size === 0) return {};
  const choice = asObject(value) ?? {};
  return { tool_choice: chosen(choice, tools), parallel_tool_calls: choice["disable_parallel_tool_use"] !== true };
}

function chosen(choice: JsonObject, tools: Tools): string | JsonObject {
  switch (choice["type"] ?? "auto") {
    case "auto":
      return "auto";
    case "any":
      return "required";
    case "none":
      return "none";
    case "tool": {
      const tool = tools.get(asText(choice["name"]) ?? "");
      if (tool === undefined)
        throw new FaultyRequest("tool_choice.name", "`tool_choice.name` names none of the tools.");
      return tool["type"] === "function" ? { type: "function", name: tool["name"] } : { type: tool["type"] };
    }
    default:
      throw new FaultyRequest("tool_choice.type", "`tool_choice.type` must be `auto`, `any`, `tool` or `none`.");
  }
}
