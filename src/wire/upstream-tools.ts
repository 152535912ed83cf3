// The tools of a request in a form that other formats know: functions, and nothing else. Tools of free text become functions with
// one text; tools of a namespace get its name in front; and what the model calls is turned back.

import { asList, asObject, asText, type JsonObject } from "../kit/json-value.ts";
import type { InternalRequest, Item } from "./internal.ts";
import type { CallStart } from "./internal-events.ts";
import { fittingCallId, ToolNames } from "./tool-names.ts";

export interface UpstreamTool {
  /** As the upstream knows it. */
  readonly name: string;
  readonly description: string | null;
  readonly parameters: JsonObject;
  readonly isStrict: boolean;
}

type Origin = Omit<CallStart, "callId">;

const FREE_TEXT: JsonObject = {
  type: "object",
  properties: { input: { type: "string" } },
  required: ["input"],
  additionalProperties: false,
};
const NO_PARAMETERS: JsonObject = { type: "object", properties: {} };

export class UpstreamTools {
  readonly list: readonly UpstreamTool[];
  /** Kinds of tools that are run by an upstream itself, as `web_search`. */
  readonly hosted: readonly string[];
  readonly #names = new ToolNames();
  readonly #origins = new Map<string, Origin>();

  constructor(request: InternalRequest) {
    const added = request.input.filter((item) => item["type"] === "additional_tools");
    const offered = [...asList(request.tools), ...added.flatMap((item) => asList(item["tools"]))];
    const hosted: string[] = [];
    this.list = offered.flatMap((tool) => this.#read(asObject(tool) ?? {}, hosted));
    this.hosted = hosted;
  }

  /** The upstream's name for the tool that an item of the history called, or a choice names. */
  nameOf({ name, namespace }: { readonly name: string; readonly namespace: string | null }): string {
    return this.#names.shorten(namespace === null ? name : `${namespace}__${name}`);
  }

  /** The call of a tool, in the words of whoever offered it. */
  startOf(name: string, callId: string): CallStart {
    const origin = this.#origins.get(name) ?? { name: this.#names.restore(name), isCustom: false };
    return { ...origin, callId: fittingCallId(callId) };
  }

  #read(tool: JsonObject, hosted: string[], namespace: string | null = null): UpstreamTool[] {
    const name = asText(tool["name"]) ?? "";
    const isCustom = tool["type"] === "custom";
    if (tool["type"] === "namespace") {
      return asList(tool["tools"]).flatMap((inner) => this.#read(asObject(inner) ?? {}, hosted, name));
    }
    if (tool["type"] !== "function" && !isCustom) {
      hosted.push(asText(tool["type"]) ?? "");
      return [];
    }
    const short = this.nameOf({ name, namespace });
    this.#origins.set(short, { name, isCustom, ...(namespace === null ? {} : { namespace }) });
    const parameters = isCustom ? FREE_TEXT : (asObject(tool["parameters"]) ?? NO_PARAMETERS);
    return [{ name: short, description: asText(tool["description"]), parameters, isStrict: tool["strict"] === true }];
  }
}

/** A call of the history: its tool by the upstream's name, and what it was given as JSON. */
export function callOf(item: Item, tools: UpstreamTools): { id: string; name: string; json: string } {
  const name = tools.nameOf({ name: asText(item["name"]) ?? "", namespace: asText(item["namespace"]) });
  const json =
    item["type"] === "custom_tool_call"
      ? JSON.stringify({ input: asText(item["input"]) ?? "" })
      : asText(item["arguments"]) || "{}";
  return { id: fittingCallId(asText(item["call_id"]) ?? ""), name, json };
}

export const CALLS: ReadonlySet<unknown> = new Set(["function_call", "custom_tool_call"]);
export const OUTPUTS: ReadonlySet<unknown> = new Set(["function_call_output", "custom_tool_call_output"]);

/** What a choice of one tool names; null when it names none. */
export function chosenTool(choice: unknown, tools: UpstreamTools): string | null {
  const named = asObject(choice);
  const name = asText(named?.["name"]);
  return name === null ? null : tools.nameOf({ name, namespace: asText(named?.["namespace"]) });
}
