// Which tools a request lets the model call, in terms that every format has words for.

import { asList, asObject, asText, type JsonObject } from "../kit/json-value.ts";
import type { InternalRequest } from "./internal.ts";
import { FaultyRequest } from "./translation.ts";
import { isDispensable, kindOf, type UpstreamTool, type UpstreamTools } from "./upstream-tools.ts";

export interface ToolChoice {
  readonly mode: "auto" | "none" | "required";
  /** The upstream's names of the only tools that may be called; null for all. */
  readonly only: readonly string[] | null;
}

const NOTHING: ReadonlySet<string> = new Set();

/** `own` are the kinds of tools that the upstream runs itself; each is called by its kind. */
export function choiceOf(request: InternalRequest, tools: UpstreamTools, own = NOTHING): ToolChoice {
  const choice = request["tool_choice"] ?? "auto";
  const named = asObject(choice);
  if (named === null) return { mode: modeOf(choice, tools, own), only: null };
  if (named["type"] !== "allowed_tools") return { mode: "required", only: [nameOf(named, tools, own)] };
  const allowed = asList(named["tools"]).map((tool) => asObject(tool) ?? {});
  const only = allowed.filter((tool) => !isLeftOut(tool, own)).map((tool) => nameOf(tool, tools, own));
  return { mode: modeOf(named["mode"] ?? "auto", tools, own), only };
}

/** The one tool that has to be called; null when there is a choice. */
export function forcedTool({ mode, only }: ToolChoice): string | null {
  return mode === "required" && only?.length === 1 ? (only[0] ?? null) : null;
}

/** For formats that have no other word for a choice among some: the rest is not offered. */
export function offeredTools(tools: UpstreamTools, choice: ToolChoice): readonly UpstreamTool[] {
  const { only } = choice;
  if (only === null || forcedTool(choice) !== null) return tools.list;
  return tools.list.filter(({ name }) => only.includes(name));
}

function modeOf(mode: unknown, tools: UpstreamTools, own: ReadonlySet<string>): ToolChoice["mode"] {
  if (mode !== "auto" && mode !== "none" && mode !== "required") {
    throw new FaultyRequest("tool_choice", "It must be `auto`, `none`, `required`, or name a tool.");
  }
  const hasAny = tools.list.length > 0 || tools.hosted.some((tool) => own.has(kindOf(tool)));
  if (mode === "required" && !hasAny && tools.hosted.length > 0) {
    throw new FaultyRequest("tool_choice", "This upstream has none of the tools, one of which has to be called.");
  }
  return mode;
}

function isLeftOut(tool: JsonObject, own: ReadonlySet<string>): boolean {
  const kind = kindOf(tool);
  return asText(tool["name"]) === null && isDispensable(kind) && !own.has(kind);
}

function nameOf(tool: JsonObject, tools: UpstreamTools, own: ReadonlySet<string>): string {
  const name = asText(tool["name"]);
  if (name !== null) return tools.nameOf({ name, namespace: asText(tool["namespace"]) });
  const kind = kindOf(tool);
  if (own.has(kind) || tools.list.some((each) => each.name === kind)) return kind;
  throw new FaultyRequest("tool_choice", "This upstream can only be told to use functions by name.");
}
