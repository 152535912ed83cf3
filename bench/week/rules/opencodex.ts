// lidge-jun/opencodex at 6ae83b1f1, strategy `quota` (its default): stays on the active account below 80 %, else goes to
// the least used one; conversations keep theirs; one hop to another account per request.

import type { Member } from "../rule.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../time.ts";
import {
  Affinity,
  type After,
  type Going,
  isOpen,
  type Known,
  type Occasion,
  type Policy,
  rest,
  Rival,
  used,
} from "./rival.ts";

const THRESHOLD = 80;
const AFFINITY_IDLE = DAY;
const POLL_EVERY = 5 * MINUTE;
const LONGEST_REST = 15 * MINUTE;
const LONGEST_AVOID = 6 * HOUR;
const SOFT_AVOIDS = [0.5 * MINUTE, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE];
const FAST_TRIES = 3;

export function opencodex(members: readonly Member[]): Rival {
  return new Rival(members, new Opencodex());
}

class Opencodex implements Policy {
  readonly pollEveryMs = POLL_EVERY;
  readonly #affinity = new Affinity(AFFINITY_IDLE);
  readonly #avoidedUntil = new Map<number, number>();
  #active: number | null = null;

  choose(accounts: readonly Known[], going: Going, now: number): Known | null {
    const open = accounts.filter((account) => isOpen(account, going, now));
    const wanted = open.filter(({ index }) => (this.#avoidedUntil.get(index) ?? 0) <= now);
    const own = this.#affinity.find(going.request.conversation, now);
    const bound = wanted.find(({ index }) => index === own);
    if (bound !== undefined) return bound;
    const active = wanted.find(({ index }) => index === this.#active);
    if (active !== undefined && score(active, now, 0) < THRESHOLD) return active;
    const [first, ...others] = wanted.length > 0 ? wanted : open;
    if (first === undefined) return null;
    const best = others.reduce((least, each) => (score(each, now, 100) < score(least, now, 100) ? each : least), first);
    this.#active = best.index;
    return best;
  }

  refused({ account, kind, toldMs, now, attempts, onThis }: Occasion): After {
    const isFirst = attempts === onThis;
    switch (kind) {
      case "usage_limit":
        rest(account, Math.min(LONGEST_REST, toldMs ?? MINUTE), now);
        this.#avoidedUntil.set(account.index, now + Math.min(LONGEST_AVOID, toldMs ?? 0));
        return isFirst ? "next" : "stop";
      case "rate_limit":
        rest(account, MINUTE, now);
        return isFirst ? "next" : "stop";
      case "credential":
        account.needsSignIn = true;
        return "stop";
      case "server":
        if (onThis < FAST_TRIES) return { sameAfterMs: 0.2 * SECOND };
        account.strikes += 1;
        // New conversations go elsewhere from the third fault on.
        if (account.strikes >= 3) this.#avoidFor(account, now);
        return "stop";
    }
  }

  served({ index }: Known, { conversation }: { conversation: number }, now: number): void {
    this.#affinity.keep(conversation, index, now);
  }

  ended(account: Known): void {
    account.strikes = 0;
  }

  #avoidFor({ index, strikes }: Known, now: number): void {
    const ms = SOFT_AVOIDS[Math.min(strikes - 3, SOFT_AVOIDS.length - 1)] ?? 0;
    this.#avoidedUntil.set(index, Math.max(this.#avoidedUntil.get(index) ?? 0, now + ms));
  }
}

/** The fullest window, where the long one is known; the short one alone does not count. */
function score(account: Known, now: number, unknown: number): number {
  const long = used(account, "long", now);
  return long === null ? unknown : Math.max(long, used(account, "short", now) ?? 0);
}
