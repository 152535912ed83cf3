// How much of a prompt an account has seen before: grows when the same cache key comes back to the same account.

const BLOCK = 128;
const MAX_KEYS = 2_000;

export class PromptCache {
  readonly #seen = new Map<string, number>();

  /** Cached tokens of this prompt, a multiple of 128; the prompt is remembered for the next call. */
  hit(key: string, inputTokens: number): number {
    const before = this.#seen.get(key) ?? 0;
    this.#seen.delete(key);
    this.#seen.set(key, inputTokens);
    if (this.#seen.size > MAX_KEYS) this.#forgetOldest();
    return Math.floor(Math.min(before, inputTokens) / BLOCK) * BLOCK;
  }

  #forgetOldest(): void {
    for (const oldest of this.#seen.keys()) {
      this.#seen.delete(oldest);
      return;
    }
  }
}
