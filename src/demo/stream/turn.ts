// Numbers, ids and counts of one answer stream, and the `response` object that frames it.

import type { ServerEvent } from "./fault.ts";

export interface StreamTerms {
  readonly responseId: string;
  /** Who may have the ciphertext back. */
  readonly owner: string;
  readonly serial: number;
  readonly model: string;
  /** Epoch ms. */
  readonly now: number;
  /** Usage up to the answer; the output is counted here. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly isFinalOutputEmpty: boolean;
  /** Stands before or after `response.created`. */
  readonly limits: { readonly event: ServerEvent; readonly place: "first" | "after-created" } | null;
}

type Draft = { type: string; [field: string]: unknown };

export class Turn {
  readonly terms: StreamTerms;
  readonly output: object[] = [];
  #sequence = 0;
  #outputTokens = 0;
  #reasoningTokens = 0;

  constructor(terms: StreamTerms) {
    this.terms = terms;
  }

  event(draft: Draft): ServerEvent {
    const { type, ...fields } = draft;
    return { type, sequence_number: this.#sequence++, ...fields };
  }

  /** Id of the item under way: the type's prefix, and unique in the world. */
  itemId(prefix: string): string {
    return `${prefix}_demo${this.terms.serial}_${this.output.length}`;
  }

  get index(): number {
    return this.output.length;
  }

  added(item: object): ServerEvent {
    return this.event({ type: "response.output_item.added", output_index: this.index, item });
  }

  done(item: object): ServerEvent {
    const event = this.event({ type: "response.output_item.done", output_index: this.index, item });
    this.output.push(item);
    return event;
  }

  count(characters: number, isReasoning = false): void {
    const tokens = Math.ceil(characters / 4);
    this.#outputTokens += tokens;
    if (isReasoning) this.#reasoningTokens += tokens;
  }

  response(status: string): object {
    const isDone = status === "completed";
    return {
      id: this.terms.responseId,
      object: "response",
      created_at: Math.floor(this.terms.now / 1000),
      status,
      error: null,
      incomplete_details: null,
      model: this.terms.model,
      output: isDone && !this.terms.isFinalOutputEmpty ? this.output : [],
      parallel_tool_calls: true,
      service_tier: "default",
      store: false,
      usage: isDone ? this.#usage() : null,
    };
  }

  #usage(): object {
    return {
      input_tokens: this.terms.inputTokens,
      input_tokens_details: { cached_tokens: this.terms.cachedTokens },
      output_tokens: this.#outputTokens,
      output_tokens_details: { reasoning_tokens: this.#reasoningTokens },
      total_tokens: this.terms.inputTokens + this.#outputTokens,
    };
  }
}
