// BerriAI/litellm at 1fa201c73, router strategy simple-shuffle with its default cooldown: any account at random, five
// seconds of rest after a 429 or a minute in which more than half of the calls failed, two retries.

import { seeded } from "../random.ts";
import type { Member } from "../rule.ts";
import { MINUTE, SECOND } from "../time.ts";
import { type After, type Going, isOpen, type Known, type Occasion, type Policy, rest, Rival } from "./rival.ts";

const REST = 5 * SECOND;
const RETRIES = 2;

interface Count {
  since: number;
  calls: number;
  failures: number;
}

export function litellm(members: readonly Member[]): Rival {
  return new Rival(members, new SimpleShuffle());
}

class SimpleShuffle implements Policy {
  readonly pollEveryMs = null;
  readonly #random = seeded(29);
  readonly #counts = new Map<number, Count>();

  choose(accounts: readonly Known[], going: Going, now: number): Known | null {
    // A retry may meet the same account again unless it rests.
    const open = accounts.filter((account) => isOpen(account, { ...going, tried: nobody }, now));
    return open[Math.floor(this.#random() * open.length)] ?? null;
  }

  refused({ account, kind, now, attempts }: Occasion): After {
    const count = this.#count(account, now);
    count.failures += 1;
    const isRate = kind === "usage_limit" || kind === "rate_limit";
    if (isRate || kind === "credential" || (count.calls > 1 && count.failures > count.calls / 2))
      rest(account, REST, now);
    return attempts > RETRIES ? "stop" : "next";
  }

  served(account: Known, _request: unknown, now: number): void {
    this.#count(account, now);
  }

  #count({ index }: Known, now: number): Count {
    const known = this.#counts.get(index);
    const count = known !== undefined && now - known.since < MINUTE ? known : { since: now, calls: 0, failures: 0 };
    count.calls += 1;
    this.#counts.set(index, count);
    return count;
  }
}

const nobody: ReadonlySet<number> = new Set();
