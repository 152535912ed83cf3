// The tools of a request and the choice among them.
// Facts: platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use, …/web-search-tool.

import { asObject, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest } from "../../internal.ts";
import { forcedTool, offeredTools, type ToolChoice } from "../../upstream-choice.ts";
import type { UpstreamTools } from "../../upstream-tools.ts";
import profile from "./profile.json" with { type: "json" };

/** Called by its kind, as all tools that Anthropic runs. */
export const OWN_TOOLS: ReadonlySet<string> = new Set(["web_search"]);

export function toolsOf(tools: UpstreamTools, choice: ToolChoice): readonly JsonObject[] {
  const functions = offeredTools(tools, choice).map(({ name, description, parameters, isStrict }) => ({
    name,
    ...(description === null ? {} : { description }),
    input_schema: { ...parameters, type: "object" },
    ...(isStrict ? { strict: true } : {}),
  }));
  const { only } = choice;
  const mayRun = only === null || only.some((name) => OWN_TOOLS.has(name));
  return [...functions, ...(mayRun ? tools.hostedBy(OWN_TOOLS).slice(0, 1).map(searchOf) : [])];
}

export function choiceFields(request: InternalRequest, choice: ToolChoice): JsonObject {
  const single = request["parallel_tool_calls"] === false ? { disable_parallel_tool_use: true } : {};
  if (choice.mode === "none") return { type: "none" };
  const name = forcedTool(choice);
  if (name !== null) return { type: "tool", name, ...single };
  return { type: choice.mode === "required" ? "any" : "auto", ...single };
}

/** Whether pages are read anew, and how much of them, is left to Anthropic. */
function searchOf(tool: JsonObject): JsonObject {
  const { allowed_domains: allowed, blocked_domains: blocked } = asObject(tool["filters"]) ?? {};
  const place = Object.entries(asObject(tool["user_location"]) ?? {}).filter(([, value]) => value !== null);
  return {
    type: profile.webSearchTool,
    name: "web_search",
    ...((allowed ?? null) === null ? {} : { allowed_domains: allowed }),
    ...((blocked ?? null) === null ? {} : { blocked_domains: blocked }),
    ...(place.length === 0 ? {} : { user_location: { type: "approximate", ...Object.fromEntries(place) } }),
  };
}
