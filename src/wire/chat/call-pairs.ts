// Pairs the calls of a conversation with their outputs. Upstreams refuse a call without an output and an output without
// a call; clients lose ids, repeat them, and cut histories.

import type { Item } from "../internal.ts";
import { FaultyRequest } from "../translation.ts";
import { fittingCallId } from "../tool-names.ts";

export interface Call {
  /** As the client gave it; null when it gave none. */
  readonly clientId: string | null;
  /** As the upstream is told it. */
  readonly name: string;
  readonly isCustom: boolean;
  /** Arguments of a function, input of a custom tool. */
  readonly text: string;
  /** Path of the call in the request. */
  readonly place: string;
}

interface MadeCall extends Call {
  readonly callId: string;
}

export interface Output {
  readonly clientId: string | null;
  /** Name of the function, which is all that the legacy form gives. */
  readonly name: string | null;
  readonly output: string | readonly Item[];
  readonly place: string;
}

export class CallPairs {
  readonly #used = new Set<string>();
  readonly #answered = new Map<string, string>();
  #pending: MadeCall[] = [];

  call(call: Call): Item {
    const callId = this.#freshId(call.clientId ?? `call_${this.#used.size + 1}`);
    this.#pending.push({ ...call, callId });
    const { name, text } = call;
    return call.isCustom
      ? { type: "custom_tool_call", call_id: callId, name, input: text }
      : { type: "function_call", call_id: callId, name, arguments: text };
  }

  /** Null for an output that says again what is already there. */
  output(output: Output): Item | null {
    const call = this.#pending.find((pending) => answers(output, pending));
    const said = JSON.stringify(output.output);
    if (call === undefined) {
      // A second output is left out when it says the same; another one would be lost, so it is refused, and so is an
      // output without any call, as the public API does.
      if (output.clientId !== null && this.#answered.get(output.clientId) === said) return null;
      const message = `\`${output.place}\` answers no tool call of an assistant's message before it.`;
      throw new FaultyRequest(`${output.place}.tool_call_id`, message);
    }
    this.#pending = this.#pending.filter((pending) => pending !== call);
    if (call.clientId !== null) this.#answered.set(call.clientId, said);
    const type = call.isCustom ? "custom_tool_call_output" : "function_call_output";
    return { type, call_id: call.callId, output: output.output };
  }

  /** To be called at the end: an answer may come later than in the next message, but it has to come. */
  requireAnswers(): void {
    const [call] = this.#pending;
    if (call === undefined) return;
    const message = `The tool call \`${call.place}\` has no answer: a message of the role tool with its id must follow.`;
    throw new FaultyRequest(call.place, message);
  }

  /**
   * Missing ids are counted, so that a longer history repeats them and prompt caches hold. An id that is used again, in
   * a later round or in the same one, gets a new one: outputs are matched in the order of the calls.
   */
  #freshId(wanted: string): string {
    let id = fittingCallId(wanted);
    for (let count = 2; this.#used.has(id); count += 1) id = fittingCallId(`${wanted}#${count}`);
    this.#used.add(id);
    return id;
  }
}

/** An output without an id belongs to the first open call: the first of its name, where it gives one. */
function answers({ clientId, name }: Output, call: MadeCall): boolean {
  if (clientId !== null) return clientId === call.clientId;
  return name === null || name === call.name;
}
