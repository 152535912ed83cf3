// Counts tokens, and remembers what it has counted.

import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Clock } from "../clock.ts";
import { createCountThread } from "./count-thread.ts";

export interface TokenCounter {
  /** Tokens of all texts together; rejects when they cannot be counted. */
  count(texts: readonly string[]): Promise<number>;
  close(): void;
}

const REMEMBERED = 4096;
/** Letters. Longer texts are remembered one by one, since one is part of many questions; the shorter ones all together. */
const LONG = 512;

export function createTokenCounter(clock: Clock): TokenCounter {
  const thread = createCountThread(clock);
  /** Clients ask for parts of the same conversation over and over, and for many at once. */
  const known = new LRUCache<string, Promise<number>>({ max: REMEMBERED });

  function recall(texts: readonly string[]): Promise<number> {
    const name = hash("sha256", texts.join("\0"), "base64url");
    const found = known.get(name);
    if (found !== undefined) return found;
    const counted = thread.ask(texts);
    known.set(name, counted);
    counted.catch(() => known.delete(name));
    return counted;
  }

  return {
    async count(texts) {
      const short = texts.filter((text) => text.length < LONG);
      const long = texts.filter((text) => text.length >= LONG).map((text) => recall([text]));
      const counts = await Promise.all([short.length === 0 ? 0 : recall(short), ...long]);
      return counts.reduce((sum, tokens) => sum + tokens, 0);
    },
    close: () => thread.close(),
  };
}
