// The items of a conversation in the order that formats of two sides demand: what calls have given follows at once behind all that
// the model said and called in that turn, every call has its output, and no two calls have the same id.
// Facts: Anthropic, Google and servers of Chat Completions refuse a conversation in which any of this is otherwise, and so does
// OpenAI where an output has no call.

import { asList, asText } from "../kit/json-value.ts";
import type { Item } from "./internal.ts";
import { fittingCallId } from "./tool-names.ts";
import { FaultyRequest } from "./translation.ts";
import { CALLS, OUTPUTS, type UpstreamTools } from "./upstream-tools.ts";

/** An item and its path in the request. */
export interface Placed {
  readonly item: Item;
  readonly place: string;
}

interface Entry {
  item: Item;
  readonly place: string;
  readonly at: number;
  output: Placed | null;
  /** Where the output stood. */
  outputAt: number;
}

/** Tools stand in a field of their own; what a search found stands in the answer after it. */
const UNSAID: ReadonlySet<unknown> = new Set(["additional_tools", "web_search_call"]);
/** In the words that Codex has for it: somebody broke off before the tool was done. */
const ABORTED = "aborted";

export function inTurns(input: readonly Item[], tools: UpstreamTools): readonly Placed[] {
  const list: Placed[] = [];
  let open: Entry[] = [];
  const giveOutputs = (): void => {
    for (const { output, item, place } of open.toSorted((one, two) => one.outputAt - two.outputAt)) {
      list.push(output ?? { place, item: outputOf(item, ABORTED) });
    }
    open = [];
  };
  for (const entry of paired(input, tools)) {
    const isOutput = OUTPUTS.has(entry.item["type"]);
    if (isOutput || isHeard(entry.item)) giveOutputs();
    if (isOutput) continue;
    list.push(entry);
    if (CALLS.has(entry.item["type"])) open.push(entry);
  }
  // A conversation that ends with calls is asked too early: that is for the upstream to say.
  return list;
}

/** Calls know their outputs, and both have an id that no other call has. */
function paired(input: readonly Item[], tools: UpstreamTools): readonly Entry[] {
  const entries = input
    .map((item, at): Entry => ({ item, place: `input[${at}]`, at, output: null, outputAt: Infinity }))
    .filter(({ item }) => isSaid(item));
  const waiting = new Map<string, Entry[]>();
  const uses = new Map<string, number>();
  for (const entry of entries) {
    const { item, place, at } = entry;
    const id = asText(item["call_id"]) ?? "";
    if (CALLS.has(item["type"])) {
      const count = (uses.get(id) ?? 0) + 1;
      uses.set(id, count);
      entry.item = { ...item, call_id: fittingCallId(count === 1 ? id : `${id}#${count}`) };
      waiting.set(id, [...(waiting.get(id) ?? []), entry]);
    } else if (OUTPUTS.has(item["type"])) {
      const call = waiting.get(id)?.shift();
      if (call === undefined) throw new FaultyRequest(`${place}.call_id`, "There is no call of this id before it.");
      call.output = { place, item: outputOf(call.item, givenBy(item, tools)) };
      call.outputAt = at;
    }
  }
  return entries;
}

function givenBy(item: Item, tools: UpstreamTools): unknown {
  if (item["type"] !== "tool_search_output") return item["output"];
  const names = tools.namesOf(asList(item["tools"]));
  return names.length === 0
    ? "No tools were found."
    : `These tools were found and can be called now: ${names.join(", ")}`;
}

function outputOf(call: Item, output: unknown): Item {
  return { type: "function_call_output", call_id: call["call_id"], output };
}

/** What is said to the model. */
function isHeard({ type = "message", role }: Item): boolean {
  return type === "message" && role !== "assistant";
}

/** A search of tools without an id was made by its upstream itself, and nobody has to answer. */
function isSaid({ type, call_id: id }: Item): boolean {
  const isSearchOfServer = (type === "tool_search_call" || type === "tool_search_output") && asText(id) === null;
  return !isSearchOfServer && !UNSAID.has(type);
}
