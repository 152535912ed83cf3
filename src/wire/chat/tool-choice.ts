// Which tools the model may or must call.

import { asList, asObject, asText, type JsonObject } from "../../kit/json-value.ts";
import type { ToolNames } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";

/** `any` is the word of other APIs for the same. */
const MODES: ReadonlyMap<string, string> = new Map([
  ["none", "none"],
  ["auto", "auto"],
  ["required", "required"],
  ["any", "required"],
]);

/** The choice in the internal form; undefined when the client made none. */
export function toolChoice(body: JsonObject, names: ToolNames): unknown {
  const choice = body["tool_choice"] ?? undefined;
  if (choice !== undefined) return readChoice(choice, "tool_choice", names);
  const legacy = body["function_call"] ?? undefined;
  if (legacy === undefined) return undefined;
  const named = asObject(legacy);
  return readChoice(named === null ? legacy : { type: "function", function: named }, "function_call", names);
}

function readChoice(choice: unknown, place: string, names: ToolNames): unknown {
  const fields = asObject(choice);
  const word = asText(fields === null ? choice : fields["type"]) ?? "";
  const mode = MODES.get(word);
  if (mode !== undefined) return mode;
  if (fields === null) throw new FaultyRequest(place, `\`${place}\` must be none, auto, required or a tool.`);
  return word === "allowed_tools" ? allowedTools(fields, names) : namedTool(fields, place, names);
}

/** Hosted tools are chosen by their type alone, and in the same words. */
function namedTool(fields: JsonObject, place: string, names: ToolNames): JsonObject {
  const type = asText(fields["type"]) ?? "function";
  if (type !== "function" && type !== "custom") return fields;
  const name = asText((asObject(fields[type]) ?? fields)["name"]);
  if (name === null) throw new FaultyRequest(`${place}.${type}.name`, `\`${place}.${type}.name\` must be a name.`);
  return { type, name: names.shorten(name) };
}

function allowedTools(fields: JsonObject, names: ToolNames): JsonObject {
  const allowed = asObject(fields["allowed_tools"]) ?? fields;
  const tools = asList(allowed["tools"]).map((tool, index) => {
    const place = `tool_choice.allowed_tools.tools[${index}]`;
    const entry = asObject(tool);
    if (entry === null) throw new FaultyRequest(place, `\`${place}\` must be a tool.`);
    return namedTool(entry, place, names);
  });
  return { type: "allowed_tools", mode: asText(allowed["mode"]) ?? "auto", tools };
}
