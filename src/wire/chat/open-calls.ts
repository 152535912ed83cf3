// The tool calls of one answer while they are written.

import { fittingCallId } from "../tool-names.ts";
import type { CallDelta, ChatDelta } from "./delta.ts";
import type { DeclaredTools } from "./tools.ts";

/** What an event says of a call; null where it is silent. */
export interface CallNews {
  readonly callId: string | null;
  readonly name: string | null;
  readonly isCustom: boolean;
}

interface OpenCall {
  /** In the order of appearance; null until the client is told of the call, for which it has to have a name. */
  index: number | null;
  id: string | null;
  isToldAsCustom: boolean;
  text: string;
  sentLength: number;
}

export class OpenCalls {
  readonly #declared: DeclaredTools;
  readonly #calls = new Map<number, OpenCall>();
  #told = 0;

  constructor(declared: DeclaredTools) {
    this.#declared = declared;
  }

  /** How many the client has been told of. */
  get told(): number {
    return this.#told;
  }

  announce(number: number, news: CallNews): ChatDelta[] {
    const call = this.#call(number);
    call.id ??= news.callId;
    if (call.index !== null || news.name === null || news.name === "") return [];
    const name = this.#declared.names.restore(news.name);
    call.index = this.#told++;
    call.isToldAsCustom = news.isCustom && this.#declared.kinds.get(name) !== "flat_custom";
    const id = fittingCallId(call.id ?? `call_${call.index + 1}`);
    return [...this.#tell(call, "", { id, name }), ...this.#rest(call)];
  }

  add(number: number, text: string): ChatDelta[] {
    const call = this.#call(number);
    call.text += text;
    return this.#rest(call);
  }

  /** A whole text that contradicts what was said before is not believed: that cannot be taken back. */
  complete(number: number, whole: string): ChatDelta[] {
    const call = this.#call(number);
    if (whole.startsWith(call.text)) call.text = whole;
    return this.#rest(call);
  }

  #call(number: number): OpenCall {
    const call = this.#calls.get(number) ?? { index: null, id: null, isToldAsCustom: false, text: "", sentLength: 0 };
    this.#calls.set(number, call);
    return call;
  }

  #rest(call: OpenCall): ChatDelta[] {
    const text = call.text.slice(call.sentLength);
    if (call.index === null || text === "") return [];
    call.sentLength = call.text.length;
    return this.#tell(call, text);
  }

  #tell({ index, isToldAsCustom }: OpenCall, text: string, first?: { id: string; name: string }): ChatDelta[] {
    const named = first === undefined ? {} : { name: first.name };
    // The legacy form has room for one call; more are not asked for, and could not be told.
    if (this.#declared.isLegacy) return index === 0 ? [{ function_call: { ...named, arguments: text } }] : [];
    const type = isToldAsCustom ? ("custom" as const) : ("function" as const);
    const call: CallDelta = {
      index: index ?? 0,
      ...(first === undefined ? {} : { id: first.id, type }),
      ...(isToldAsCustom ? { custom: { ...named, input: text } } : { function: { ...named, arguments: text } }),
    };
    return [{ tool_calls: [call] }];
  }
}
