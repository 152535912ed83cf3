// The conversation as messages: what belongs to one turn of the assistant is one message, as servers of this format demand, and
// what its calls have given follows at once.

import { asText, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalRequest, Item } from "../../internal.ts";
import { FaultyRequest } from "../../translation.ts";
import { callOf, CALLS, OUTPUTS, type UpstreamTools } from "../../upstream-tools.ts";
import { inTurns } from "../../upstream-turns.ts";
import { givenOf, partsOf, textOf } from "./parts.ts";
import { type ReasoningField, unpackReasoning } from "./reasoning-pack.ts";

interface AssistantTurn {
  /** Under the name of the server that told it. */
  readonly reasoning: Partial<Record<ReasoningField, string>>;
  content: string;
  readonly calls: JsonObject[];
}

export function messagesOf(request: InternalRequest, tools: UpstreamTools): JsonObject[] {
  const messages = new Messages(tools);
  messages.instruct(asText(request.instructions) ?? "");
  for (const placed of inTurns(request.input, tools)) messages.add(placed.item, placed.place);
  return messages.end();
}

class Messages {
  readonly #tools: UpstreamTools;
  readonly #list: JsonObject[] = [];
  #turn: AssistantTurn | null = null;
  /** Pictures that tools have shown: they stand behind the last output. */
  #shown: JsonObject[] = [];

  constructor(tools: UpstreamTools) {
    this.#tools = tools;
  }

  instruct(content: string): void {
    if (content !== "") this.#list.push({ role: "system", content });
  }

  add(item: Item, place: string): void {
    const { type = "message", role } = item;
    if (type === "reasoning") this.#reason(item);
    else if (CALLS.has(type)) this.#call(item);
    else if (OUTPUTS.has(type)) this.#give(item, place);
    else if (type !== "message") {
      throw new FaultyRequest(place, `This upstream cannot be given an item of type "${String(type)}".`);
    } else if (role === "assistant") this.#open().content += textOf(item, place);
    else {
      const content = role === "user" ? partsOf(item, place) : textOf(item, place);
      this.#hear({ role: role === "user" ? "user" : "system", content });
    }
  }

  end(): JsonObject[] {
    this.#endTurn();
    this.#show();
    return this.#list;
  }

  /** Only what a server of this format has told; what others have sealed says nothing to it. */
  #reason(item: Item): void {
    const told = unpackReasoning(item["encrypted_content"]);
    if (told === null) return;
    const { reasoning } = this.#open();
    reasoning[told.field] = (reasoning[told.field] ?? "") + told.text;
  }

  #call(item: Item): void {
    const { id, name, json } = callOf(item, this.#tools);
    this.#open().calls.push({ id, type: "function", function: { name, arguments: json } });
  }

  #hear(message: JsonObject): void {
    this.#endTurn();
    this.#show();
    this.#list.push(message);
  }

  #give(item: Item, place: string): void {
    this.#endTurn();
    const { text, shown } = givenOf(item["output"], `${place}.output`);
    const content = text === "" && shown.length > 0 ? "It is shown below." : text;
    this.#list.push({ role: "tool", tool_call_id: item["call_id"], content });
    this.#shown.push(...shown);
  }

  #open(): AssistantTurn {
    if (this.#turn === null) this.#show();
    return (this.#turn ??= { reasoning: {}, content: "", calls: [] });
  }

  #show(): void {
    if (this.#shown.length > 0) this.#list.push({ role: "user", content: this.#shown });
    this.#shown = [];
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
