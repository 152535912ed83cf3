// The tools of a request in a form that other formats know: functions, and what an upstream runs by itself. Tools of free text become
// functions with one text; tools of a namespace get its name in front; and what the model calls is turned back.
// Facts: developers.openai.com/api/docs/guides/tools-tool-search: what a search run by the client has found can be called from then on.

import { asList, asObject, asText, type JsonObject } from "../kit/json-value.ts";
import type { InternalRequest, Item } from "./internal.ts";
import type { CallStart } from "./internal-events.ts";
import { fittingCallId, ToolNames } from "./tool-names.ts";
import { FaultyRequest } from "./translation.ts";

export interface UpstreamTool {
  /** As the upstream knows it. */
  readonly name: string;
  readonly description: string | null;
  readonly parameters: JsonObject;
  readonly isStrict: boolean;
}

type Origin = Omit<CallStart, "callId">;

/** A tool, and what it is called by whoever offered it. */
interface Offered {
  readonly origin: Origin;
  readonly tool: UpstreamTool;
}

export const CALLS: ReadonlySet<unknown> = new Set(["function_call", "custom_tool_call", "tool_search_call"]);
export const OUTPUTS: ReadonlySet<unknown> = new Set([
  "function_call_output",
  "custom_tool_call_output",
  "tool_search_output",
]);

/**
 * Tools of OpenAI's own that a model may use or not: where an upstream has no counterpart they are left out, and what is asked for
 * stays the same. Codex offers the first two with every request. A search of tools that OpenAI would run has nothing to find: all
 * tools are offered from the beginning.
 */
const DISPENSABLE: ReadonlySet<string> = new Set(["web_search", "tool_search", "image_generation"]);
const SEARCH = "tool_search";

const FREE_TEXT: JsonObject = {
  type: "object",
  properties: { input: { type: "string", description: "The whole text for the tool, as it is." } },
  required: ["input"],
  additionalProperties: false,
};
const NO_PARAMETERS: JsonObject = { type: "object", properties: {} };

export class UpstreamTools {
  readonly list: readonly UpstreamTool[];
  /** Tools that are run by an upstream itself, as `web_search`. */
  readonly hosted: readonly JsonObject[];
  readonly #names = new ToolNames();
  readonly #origins = new Map<string, Origin>();

  constructor(request: InternalRequest) {
    const found = request.input.filter(({ type }) => type === "additional_tools" || type === "tool_search_output");
    const all = [...asList(request.tools), ...found.flatMap((item) => asList(item["tools"]))].map(toolOf);
    const offered = all.flatMap((tool) => this.#read(tool));
    for (const { origin, tool } of offered) this.#origins.set(tool.name, origin);
    // What is offered twice counts as it was offered last.
    this.list = [...new Map(offered.map(({ tool }) => [tool.name, tool])).values()];
    this.hosted = all.filter((tool) => !isForClients(tool));
  }

  /** The upstream's name for the tool that an item of the history called, or a choice names. */
  nameOf({ name, namespace }: { readonly name: string; readonly namespace: string | null }): string {
    return this.#names.shorten(namespace === null ? name : `${namespace}__${name}`);
  }

  /** The upstream's names for tools as they are offered. */
  namesOf(offered: readonly unknown[]): readonly string[] {
    return offered.flatMap((tool) => this.#read(toolOf(tool)).map((one) => one.tool.name));
  }

  /** The call of a tool, in the words of whoever offered it. */
  startOf(name: string, callId: string): CallStart {
    const origin: Origin = this.#origins.get(name) ?? { name: this.#names.restore(name), kind: "function" };
    return { ...origin, callId: fittingCallId(callId) };
  }

  /** Those of the hosted tools that the upstream has, too. */
  hostedBy(own: ReadonlySet<string>): readonly JsonObject[] {
    const unknown = this.hosted.map(kindOf).find((kind) => !own.has(kind) && !DISPENSABLE.has(kind));
    if (unknown !== undefined) throw new FaultyRequest("tools", `This upstream has no tool of type "${unknown}".`);
    return this.hosted.filter((tool) => own.has(kindOf(tool)));
  }

  #read(tool: JsonObject, namespace: string | null = null): Offered[] {
    const name = asText(tool["name"]) ?? "";
    if (tool["type"] === "namespace") return asList(tool["tools"]).flatMap((inner) => this.#read(toolOf(inner), name));
    if (!isForClients(tool)) return [];
    const kind = tool["type"] === "custom" ? "custom" : tool["type"] === SEARCH ? "search" : "function";
    const own = kind === "search" ? SEARCH : name;
    const origin: Origin = { name: own, kind, ...(namespace === null ? {} : { namespace }) };
    const parameters = kind === "custom" ? FREE_TEXT : (asObject(tool["parameters"]) ?? NO_PARAMETERS);
    const told = { description: descriptionOf(tool), parameters, isStrict: tool["strict"] === true };
    return [{ origin, tool: { name: this.nameOf({ name: own, namespace }), ...told } }];
  }
}

/** The kind of a tool or of a choice, whichever version of it is named. */
export function kindOf({ type }: JsonObject): string {
  return (asText(type) ?? "").replace(/^web_search_preview.*$/, "web_search");
}

export function isDispensable(kind: string): boolean {
  return DISPENSABLE.has(kind);
}

/** A call of the history: its tool by the upstream's name, and what it was given as JSON. */
export function callOf(item: Item, tools: UpstreamTools): { id: string; name: string; json: string } {
  const id = fittingCallId(asText(item["call_id"]) ?? "");
  if (item["type"] === "tool_search_call") {
    const name = tools.nameOf({ name: SEARCH, namespace: null });
    return { id, name, json: asText(item["arguments"]) ?? JSON.stringify(item["arguments"] ?? {}) };
  }
  const name = tools.nameOf({ name: asText(item["name"]) ?? "", namespace: asText(item["namespace"]) });
  const isCustom = item["type"] === "custom_tool_call";
  const json = isCustom ? JSON.stringify({ input: asText(item["input"]) ?? "" }) : asText(item["arguments"]) || "{}";
  return { id, name, json };
}

function toolOf(value: unknown): JsonObject {
  return asObject(value) ?? {};
}

function isForClients({ type, execution }: JsonObject): boolean {
  return (
    type === "function" || type === "custom" || type === "namespace" || (type === SEARCH && execution === "client")
  );
}

/** A function cannot be held to a grammar, but a model can be told of it. */
function descriptionOf({ description, format }: JsonObject): string | null {
  const told = asText(description);
  const { type, syntax, definition } = asObject(format) ?? {};
  if (type !== "grammar") return told;
  return `${told ?? ""}\n\nThe text must follow this grammar (${asText(syntax) ?? "lark"}):\n${asText(definition) ?? ""}`.trim();
}
