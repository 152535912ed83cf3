// Which account each conversation is on. Answers from memory where it can; what is new or has moved is kept durably.

import { LRUCache } from "lru-cache";
import type { BindingKeeper } from "./ports.ts";

const REMEMBERED = 50_000;
/** A binding's last use is written this seldom, so that a busy conversation costs no writes. */
const TOUCH_EVERY_MS = 10 * 60 * 1000;

/**
 * What a client still sends of an account that its conversation has left: Codex keeps one turn state for a whole turn,
 * and sealed reasoning for the whole conversation. Kept in memory only; without it the upstream's refusal tells.
 */
export interface LeftBehind {
  readonly turnState: string | null;
  /** Mark of the last reasoning item that the account of now cannot read. */
  readonly reasoning: string | null;
}

export interface Bound {
  readonly accountId: string;
  /** Null for a conversation that never moved. */
  readonly leftBehind: LeftBehind | null;
}

interface Remembered extends Bound {
  readonly usedAt: number;
}

export class Bindings {
  readonly #keeper: BindingKeeper;
  readonly #recent = new LRUCache<string, Remembered>({ max: REMEMBERED });

  constructor(keeper: BindingKeeper) {
    this.#keeper = keeper;
  }

  /** Where the conversation is; undefined says "look it up". */
  recall(conversation: string): Bound | undefined {
    return this.#recent.get(conversation);
  }

  async find(conversation: string): Promise<Bound | null> {
    const binding = await this.#keeper.find(conversation);
    const meanwhile = this.#recent.get(conversation);
    if (meanwhile !== undefined) return meanwhile;
    if (binding === null) return null;
    const { accountId, usedAt } = binding;
    const bound = { accountId, leftBehind: null, usedAt };
    this.#recent.set(conversation, bound);
    return bound;
  }

  bind(conversation: string, { accountId, leftBehind }: Bound, now: number): void {
    const known = this.#recent.get(conversation);
    const isFresh = known?.accountId === accountId && now - known.usedAt < TOUCH_EVERY_MS;
    if (isFresh && known.leftBehind === leftBehind) return;
    const usedAt = isFresh ? known.usedAt : now;
    this.#recent.set(conversation, { accountId, leftBehind, usedAt });
    if (!isFresh) this.#keeper.save({ conversation, accountId, usedAt });
  }
}
