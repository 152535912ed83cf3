// Which account each conversation is on. Answers from memory where it can; what is new or has moved is kept durably.

import { LRUCache } from "lru-cache";
import type { Binding, BindingKeeper } from "./ports.ts";

const REMEMBERED = 50_000;
/** A binding's last use is written this seldom, so that a busy conversation costs no writes. */
const TOUCH_EVERY_MS = 10 * 60 * 1000;

export class Bindings {
  readonly #keeper: BindingKeeper;
  readonly #recent = new LRUCache<string, Binding>({ max: REMEMBERED });

  constructor(keeper: BindingKeeper) {
    this.#keeper = keeper;
  }

  /** The account of the conversation; undefined says "look it up", null "there is none". */
  recall(conversation: string): string | null | undefined {
    return this.#recent.get(conversation)?.accountId;
  }

  async find(conversation: string): Promise<string | null> {
    const binding = await this.#keeper.find(conversation);
    if (binding !== null) this.#recent.set(conversation, binding);
    return binding?.accountId ?? null;
  }

  bind(conversation: string, accountId: string, now: number): void {
    const known = this.#recent.get(conversation);
    if (known?.accountId === accountId && now - known.usedAt < TOUCH_EVERY_MS) return;
    const binding = { conversation, accountId, usedAt: now };
    this.#recent.set(conversation, binding);
    this.#keeper.save(binding);
  }
}
