// The conversation as messages: what belongs to one turn of the assistant is one message, as servers of this format demand, and
// what its calls have given follows at once.

import { asText, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest, Item } from "../../internal.ts";
import { fittingCallId } from "../../tool-names.ts";
import { FaultyRequest } from "../../translation.ts";
import { callOf, CALLS, OUTPUTS, type UpstreamTools } from "../../upstream-tools.ts";
import { givenOf, partsOf, textOf } from "./parts.ts";
import { unpackReasoning } from "./reasoning-pack.ts";

/** Tools stand in a field of their own; what a search found stands in the answer after it. */
const UNSAID: ReadonlySet<unknown> = new Set(["additional_tools", "web_search_call"]);

interface AssistantTurn {
  /** Under the name of the server that told it. */
  reasoning: JsonObject;
  content: string;
  readonly calls: JsonObject[];
}

export function messagesOf(request: InternalRequest, tools: UpstreamTools): JsonObject[] {
  const messages = new Messages(tools);
  messages.instruct(asText(request.instructions) ?? "");
  for (const [at, item] of request.input.entries()) messages.add(item, `input[${at}]`);
  return messages.end();
}

class Messages {
  readonly #tools: UpstreamTools;
  readonly #list: JsonObject[] = [];
  #turn: AssistantTurn | null = null;
  /** Ids of calls whose outputs are to follow before anything else may. */
  readonly #unanswered = new Set<string>();
  /** Pictures that tools have shown, and what was said meanwhile: both stand behind the last output. */
  #shown: JsonObject[] = [];
  #behind: JsonObject[] = [];

  constructor(tools: UpstreamTools) {
    this.#tools = tools;
  }

  instruct(content: string): void {
    if (content !== "") this.#list.push({ role: "system", content });
  }

  add(item: Item, place: string): void {
    const { type = "message", role } = item;
    if (UNSAID.has(type)) return;
    if (type === "reasoning") this.#reason(item);
    else if (CALLS.has(type)) this.#call(item);
    else if (OUTPUTS.has(type)) this.#give(item, place);
    else if (type !== "message") {
      throw new FaultyRequest(place, `This upstream cannot be given an item of type "${String(type)}".`);
    } else if (role === "assistant") this.#openUncalled().content += textOf(item, place);
    else {
      const content = role === "user" ? partsOf(item, place) : textOf(item, place);
      this.#hear({ role: role === "user" ? "user" : "system", content });
    }
  }

  end(): JsonObject[] {
    this.#endTurn();
    this.#goOn();
    return this.#list;
  }

  /** Only what a server of this format has told; what others have sealed says nothing to it. */
  #reason(item: Item): void {
    const told = unpackReasoning(item["encrypted_content"]);
    if (told !== null) this.#openUncalled().reasoning = { [told.field]: told.text };
  }

  #call(item: Item): void {
    const { id, name, json } = callOf(item, this.#tools);
    this.#open().calls.push({ id, type: "function", function: { name, arguments: json } });
    this.#unanswered.add(id);
  }

  #hear(message: JsonObject): void {
    this.#endTurn();
    if (this.#unanswered.size === 0) this.#goOn();
    (this.#unanswered.size === 0 ? this.#list : this.#behind).push(message);
  }

  #give(item: Item, place: string): void {
    this.#endTurn();
    const tool_call_id = fittingCallId(asText(item["call_id"]) ?? "");
    this.#unanswered.delete(tool_call_id);
    const { text, shown } = givenOf(item["output"], `${place}.output`);
    const content = text === "" && shown.length > 0 ? "It is shown below." : text;
    this.#list.push({ role: "tool", tool_call_id, content });
    this.#shown.push(...shown);
  }

  #open(): AssistantTurn {
    if (this.#turn === null) this.#goOn();
    return (this.#turn ??= { reasoning: {}, content: "", calls: [] });
  }

  /** What is thought or said after a call belongs to the next turn. */
  #openUncalled(): AssistantTurn {
    if (this.#turn !== null && this.#turn.calls.length > 0) this.#endTurn();
    return this.#open();
  }

  #goOn(): void {
    if (this.#shown.length > 0) this.#list.push({ role: "user", content: this.#shown });
    this.#list.push(...this.#behind);
    this.#shown = [];
    this.#behind = [];
    this.#unanswered.clear();
  }

  #endTurn(): void {
    const turn = this.#turn;
    this.#turn = null;
    if (turn === null) return;
    const { content, calls, reasoning } = turn;
    if (calls.length > 0) {
      this.#list.push({ role: "assistant", content: content === "" ? null : content, ...reasoning, tool_calls: calls });
    } else if (content !== "" || Object.keys(reasoning).length === 0) this.#list.push({ role: "assistant", content });
  }
}
