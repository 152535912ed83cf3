// What the conversation of one connection has said so far: the input and output items up to its last response, as JSON.
// A client that names that response sends only what is new. All connections together hold a bounded number of bytes; the
// one that was longest without a request forgets first.

/** Items as they stand in a JSON list, without its brackets; never empty. */
export type ItemsText = Buffer;

export interface MemoryLimits {
  /** Most bytes one conversation may take. */
  readonly ofOne: number;
  /** Most bytes all of them may take. */
  readonly ofAll: number;
}

const MIB = 1024 * 1024;
const LIMITS: MemoryLimits = { ofOne: 64 * MIB, ofAll: 512 * MIB };

export class MemoryBudget {
  readonly limits: MemoryLimits;
  /** The one used last stands last. */
  readonly #holders = new Set<ConversationMemory>();
  #heldBytes = 0;

  constructor(limits: MemoryLimits = LIMITS) {
    this.limits = limits;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  hold(memory: ConversationMemory): void {
    this.#holders.add(memory);
    this.#heldBytes += memory.size;
    for (const oldest of this.#holders) {
      if (this.#heldBytes <= this.limits.ofAll) return;
      oldest.forget();
    }
  }

  release(memory: ConversationMemory): void {
    if (this.#holders.delete(memory)) this.#heldBytes -= memory.size;
  }
}

export class ConversationMemory {
  readonly #budget: MemoryBudget;
  #responseId: string | null = null;
  #items: readonly ItemsText[] = [];
  size = 0;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  /** Everything up to that response; null when it is not the last one, or was forgotten. */
  recall(responseId: string): readonly ItemsText[] | null {
    return this.#responseId === responseId ? this.#items : null;
  }

  /** The conversation now ends with this response. */
  remember(responseId: string, items: readonly ItemsText[]): void {
    this.forget();
    const size = items.reduce((sum, { length }) => sum + length, 0);
    if (size > this.#budget.limits.ofOne) return;
    this.#responseId = responseId;
    this.#items = items;
    this.size = size;
    this.#budget.hold(this);
  }

  forget(): void {
    this.#budget.release(this);
    this.#responseId = null;
    this.#items = [];
    this.size = 0;
  }
}
