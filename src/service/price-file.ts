// The user's own prices, `prices.json` beside the database. A file that cannot be used is reported, and the built-in prices
// count until it can.

import { readFile } from "node:fs/promises";

import type { Prices } from "../gateway/prices.ts";
import { builtInPrices, createPrices, parsePrices } from "../gateway/prices.ts";

export interface PriceFile {
  readonly path: string;
  /** The prices in force. */
  readonly current: Prices;
  /** Why the file is not used; null when it is, or when there is none. */
  readonly problem: string | null;
  /** Reads the file anew. */
  load(): Promise<void>;
}

/** Nothing has been read yet. */
export function priceFile(path: string, onProblem: (problem: string) => void): PriceFile {
  let current = builtInPrices;
  let problem: string | null = null;

  function refuse(reason: string): void {
    const told = `${path} is not used (${reason}). Correct it or take it away; until then the built-in prices count.`;
    if (told !== problem) onProblem(told);
    problem = told;
    current = builtInPrices;
  }

  return {
    path,
    get current() {
      return current;
    },
    get problem() {
      return problem;
    },
    async load() {
      const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => error);
      if (typeof text !== "string") {
        if (text.code !== "ENOENT") return refuse(text.message);
        problem = null;
        current = builtInPrices;
        return;
      }
      const parsed = parsePrices(text);
      if (!parsed.ok) return refuse(parsed.problem);
      problem = null;
      current = createPrices(parsed.prices);
    },
  };
}
