// Tools and which of them is to be used, in the words of the internal form.

import { asList, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { ToolNames } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";

const WEB_SEARCH = /^web_search_\d{8}$/;

export function toolsOf(tools: unknown, names: ToolNames): JsonObject[] {
  return asList(tools).map((tool, at) => toolOf(asObject(tool) ?? {}, `tools[${at}]`, names));
}

function toolOf(tool: JsonObject, place: string, names: ToolNames): JsonObject {
  const type = asText(tool["type"]);
  if (type !== null && WEB_SEARCH.test(type)) return webSearch(tool);
  if (type !== null && type !== "custom") {
    throw new FaultyRequest(`${place}.type`, `The tool "${type}" is run by Anthropic only, and not offered here.`);
  }
  const name = asText(tool["name"]);
  if (name === null || name === "") throw new FaultyRequest(`${place}.name`, `\`${place}.name\` is missing.`);
  const description = asText(tool["description"]);
  return {
    type: "function",
    name: names.shorten(name),
    ...(description === null ? {} : { description }),
    parameters: schemaOf(tool["input_schema"]),
    // Left out, the upstream would take it as true and require every property.
    strict: tool["strict"] === true,
  };
}

/** What upstreams demand of a schema: an object, with its properties named. */
function schemaOf(schema: unknown): JsonObject {
  const { $schema: _version, ...given } = asObject(schema) ?? {};
  return { ...given, type: "object", properties: asObject(given["properties"]) ?? {} };
}

/** Domains that are ruled out have no counterpart. */
function webSearch(tool: JsonObject): JsonObject {
  const domains = asList(tool["allowed_domains"]);
  const location = asObject(tool["user_location"]);
  return {
    type: "web_search",
    ...(domains.length === 0 ? {} : { filters: { allowed_domains: domains } }),
    ...(location === null ? {} : { user_location: location }),
  };
}

export function choiceOf(choice: JsonObject | null, names: ToolNames): unknown {
  switch (choice?.["type"]) {
    case undefined:
    case "auto":
      return "auto";
    case "any":
      return "required";
    case "none":
      return "none";
    case "tool":
      return { type: "function", name: names.shorten(asText(choice["name"]) ?? "") };
    default:
      throw new FaultyRequest("tool_choice.type", "`tool_choice.type` must be auto, any, tool or none.");
  }
}
