// Rules about offered tools and structured output: names, types, JSON schemas.

import type { Answer } from "../answer.ts";
import { type Fields, isFields, listOf, wordOf } from "../stream/request.ts";
import { refuseName } from "./calls.ts";
import { invalid, notOneOf, wrongType } from "./refusal.ts";
import { refuseStrictSchema } from "./strict-schema.ts";
import type { Rule } from "./strictness.ts";

const TOOL_TYPES = [
  "function",
  "custom",
  "namespace",
  "web_search",
  "image_generation",
  "tool_search",
  "local_shell",
  "file_search",
  "code_interpreter",
  "computer_use",
  "mcp",
];

const tools: Rule = ({ body, items }) => {
  const offered = body["tools"] ?? [];
  if (!Array.isArray(offered)) return wrongType("tools", "an array of objects", offered);
  const refusal = refuseTools(offered, "tools");
  if (refusal) return refusal;
  for (const [index, item] of items.entries()) {
    if (item["type"] !== "additional_tools") continue;
    const inner = refuseTools(Array.isArray(item["tools"]) ? item["tools"] : [], `input[${index}].tools`);
    if (inner) return inner;
  }
  return null;
};

function refuseTools(offered: readonly unknown[], place: string): Answer | null {
  for (const [index, tool] of offered.entries()) {
    const toolPlace = `${place}[${index}]`;
    const refusal = isFields(tool) ? refuseTool(tool, toolPlace) : wrongType(toolPlace, "an object", tool);
    if (refusal) return refusal;
  }
  return null;
}

function refuseTool(tool: Fields, place: string): Answer | null {
  const { type } = tool;
  if (!TOOL_TYPES.includes(wordOf(type))) return notOneOf(`${place}.type`, type, TOOL_TYPES);
  if (type === "namespace")
    return refuseName(tool["name"], `${place}.name`) ?? refuseTools(listOf(tool["tools"]), `${place}.tools`);
  if (type !== "function" && type !== "custom") return null;
  return refuseName(tool["name"], `${place}.name`) ?? (type === "function" ? refuseParameters(tool, place) : null);
}

function refuseParameters(tool: Fields, place: string): Answer | null {
  const parameters = tool["parameters"] ?? null;
  if (parameters === null) return null;
  const subject = `function '${wordOf(tool["name"])}'`;
  const type = isFields(parameters) ? parameters["type"] : undefined;
  if (type !== "object") {
    const got = type === undefined ? "None" : wordOf(type);
    const message = `Invalid schema for ${subject}: schema must be a JSON Schema of 'type: "object"', got 'type: "${got}"'.`;
    return invalid(`${place}.parameters`, message, "invalid_function_parameters");
  }
  if (tool["strict"] !== true) return null;
  const fault = refuseStrictSchema(parameters as Fields);
  if (fault === null) return null;
  return invalid(`${place}.parameters`, `Invalid schema for ${subject}: ${fault}`, "invalid_function_parameters");
}

const structuredOutput: Rule = ({ body }) => {
  const format = isFields(body["text"]) ? body["text"]["format"] : undefined;
  if (!isFields(format) || format["type"] !== "json_schema") return null;
  const named = refuseName(format["name"], "text.format.name");
  if (named || format["strict"] === false) return named;
  const schema = isFields(format["schema"]) ? format["schema"] : {};
  const fault = refuseStrictSchema(schema);
  if (fault === null) return null;
  const message = `Invalid schema for response_format '${wordOf(format["name"])}': ${fault}`;
  return invalid("text.format.schema", message, "invalid_json_schema");
};

export const toolRules: readonly Rule[] = [tools, structuredOutput];
