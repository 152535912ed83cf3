// Pairs the calls of a conversation with what the functions gave back. Upstreams tell them by their ids; clients of this
// API often send none.

import { fittingCallId } from "../tool-names.ts";
import { FaultyRequest } from "../translation.ts";

/** A call or an answer, as the client sent it. */
export interface Side {
  readonly clientId: string | null;
  readonly name: string;
  /** Its path in the request. */
  readonly place: string;
}

interface OpenCall extends Side {
  readonly callId: string;
}

export class CallPairs {
  readonly #used = new Set<string>();
  #open: OpenCall[] = [];

  /** The id the call has upstream. */
  call(side: Side): string {
    const callId = this.#freshId(side.clientId ?? `call_${this.#used.size + 1}`);
    this.#open.push({ ...side, callId });
    return callId;
  }

  /** The id of the call that is answered: the one with the same id, else the first open one of that name; null for none. */
  answer(side: Side): string | null {
    const call =
      this.#open.find(({ clientId }) => clientId !== null && clientId === side.clientId) ??
      this.#open.find(({ clientId, name }) => name === side.name && (clientId === null || side.clientId === null));
    if (call === undefined) return null;
    this.#open = this.#open.filter((other) => other !== call);
    return call.callId;
  }

  requireAnswers(): void {
    const [call] = this.#open;
    if (call === undefined) return;
    const message = `The call of \`${call.name}\` at ${call.place} has no answer: a functionResponse to it must follow.`;
    throw new FaultyRequest(call.place, message);
  }

  /**
   * Missing ids are counted, so that a longer history repeats them and prompt caches hold. An id that is used again gets a
   * number behind it.
   */
  #freshId(wanted: string): string {
    let id = fittingCallId(wanted);
    for (let count = 2; this.#used.has(id); count += 1) id = fittingCallId(`${wanted}#${count}`);
    this.#used.add(id);
    return id;
  }
}
