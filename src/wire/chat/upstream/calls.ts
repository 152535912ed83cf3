// The calls of one answer, which come in pieces and may be written side by side.
// Facts: pieces belong together by `index`; ids and names come late, in pieces or again and again from some servers; Google's
// counts every call as the first and tells them apart by their ids.

import { asNumber, asObject, asText, type JsonObject } from "../../../kit/json-value.ts";
import type { InternalWriter } from "../../internal-events.ts";
import type { UpstreamTools } from "../../upstream-tools.ts";

interface Call {
  /** Of all calls of the answer. */
  readonly number: number;
  id: string;
  name: string;
  /** What came of the arguments before the name was whole. */
  early: string;
  isStarted: boolean;
}

interface Terms {
  readonly writer: InternalWriter;
  readonly tools: UpstreamTools;
  readonly answerId: string;
}

export class ChatCalls {
  readonly #terms: Terms;
  readonly #all: Call[] = [];
  readonly #byIndex = new Map<number, Call>();

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  /** `at` is the place among the pieces that came together, which counts where the server names none. */
  take(told: JsonObject, at: number): void {
    const named = asObject(told["function"]);
    const [id, name] = [asText(told["id"]) ?? "", asText(named?.["name"]) ?? ""];
    const call = this.#find(asNumber(told["index"]) ?? at, name === "" ? "" : id);
    call.id ||= id;
    const json = jsonOf(named?.["arguments"]);
    if (call.isStarted) return this.#terms.writer.argue(keyOf(call), json);
    if (name !== call.name) call.name += name;
    call.early += json;
    // A name is whole once arguments come.
    if (call.name !== "" && call.early !== "") this.#begin(call);
  }

  /** Begins what has a name but no arguments. */
  finish(): void {
    for (const call of this.#all) if (!call.isStarted && call.name !== "") this.#begin(call);
  }

  #find(index: number, id: string): Call {
    const known = this.#byIndex.get(index);
    const isSame = id === "" || known?.id === "" || known?.id === id;
    if (known !== undefined && isSame) return known;
    const call = { number: this.#all.length, id, name: "", early: "", isStarted: false };
    this.#all.push(call);
    this.#byIndex.set(index, call);
    return call;
  }

  #begin(call: Call): void {
    const { writer, tools, answerId } = this.#terms;
    call.isStarted = true;
    writer.call(keyOf(call), tools.startOf(call.name, call.id || `call_${answerId}_${call.number}`));
    writer.argue(keyOf(call), call.early);
  }
}

function keyOf({ number }: Call): string {
  return String(number);
}

/** Some servers give an object instead of its text. */
function jsonOf(value: unknown): string {
  return asText(value) ?? (asObject(value) === null ? "" : JSON.stringify(value));
}
