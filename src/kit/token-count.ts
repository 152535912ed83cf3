// Counts tokens as the models of OpenAI read them (encoding o200k). The table is large, and loaded with the first question.

import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";

/** Texts are counted in pieces, so that nobody waits long for a turn in between. */
const PIECE = 32 * 1024;
/** Shorter ones are counted faster than they are looked up. */
const WORTH_REMEMBERING = 512;

type Count = (text: string) => number;

export class TokenCounter {
  /** Clients ask for parts of the same conversation over and over. */
  readonly #known = new LRUCache<string, number>({ max: 4096 });
  #count: Promise<Count> | null = null;

  async count(texts: readonly string[]): Promise<number> {
    this.#count ??= load();
    const count = await this.#count;
    let sum = 0;
    for (const text of texts) sum += text.length < WORTH_REMEMBERING ? count(text) : await this.#countLong(text, count);
    return sum;
  }

  async #countLong(text: string, count: Count): Promise<number> {
    const name = hash("sha256", text, "base64url");
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    let sum = 0;
    for (let start = 0; start < text.length;) {
      const end = endOfPiece(text, start);
      sum += count(text.slice(start, end));
      start = end;
      if (start < text.length) await new Promise((resolve) => setImmediate(resolve));
    }
    this.#known.set(name, sum);
    return sum;
  }
}

/** Between two words, where there are any: tokens seldom reach over a blank. */
function endOfPiece(text: string, start: number): number {
  if (text.length - start <= PIECE) return text.length;
  const blank = text.lastIndexOf(" ", start + PIECE);
  const end = blank > start + PIECE / 2 ? blank : start + PIECE;
  const isInsidePair = /[\uD800-\uDBFF]/.test(text[end - 1] ?? "");
  return isInsidePair ? end - 1 : end;
}

async function load(): Promise<Count> {
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  // Words that mean something to a model are only letters in somebody's text.
  return (text) => countTokens(text, { disallowedSpecial: new Set() });
}
