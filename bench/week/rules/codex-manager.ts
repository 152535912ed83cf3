// qxcnm/Codex-Manager at 38be77dc: `ordered` (its default) with power of two choices by health, and `balanced`; a
// conversation goes to its account when it may be asked; rests by status, resets in the body are not read.

import type { Member } from "../rule.ts";
import { MINUTE, SECOND } from "../time.ts";
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

const POLL_EVERY = 10 * MINUTE;
const LADDER = [45 * SECOND, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE];
const FORGET = 30 * MINUTE;
const ORDERED_WINDOW = 3;

export function codexManager(members: readonly Member[], strategy: "ordered" | "balanced"): Rival {
  return new Rival(members, new CodexManager(strategy));
}

class CodexManager implements Policy {
  readonly pollEveryMs = POLL_EVERY;
  readonly #isBalanced: boolean;
  readonly #affinity = new Affinity(Number.POSITIVE_INFINITY);
  readonly #health = new Map<number, number>();
  #turn = 0;
  #nonce = 0;

  constructor(strategy: "ordered" | "balanced") {
    this.#isBalanced = strategy === "balanced";
  }

  choose(accounts: readonly Known[], going: Going, now: number): Known | null {
    const candidates = accounts.filter((account) => isOpen(account, going, now) && !seemsUsedUp(account, now));
    const own = this.#affinity.find(going.request.conversation, now);
    const bound = candidates.find(({ index }) => index === own);
    if (bound !== undefined) return bound;
    if (candidates.length === 0) return lastChance(accounts, going);
    if (!this.#isBalanced) return this.#healthier(candidates);
    const account = candidates.find(({ index }) => index >= this.#turn) ?? candidates[0];
    if (account === undefined) return null;
    this.#turn = account.index + 1;
    return account;
  }

  refused({ account, kind, now }: Occasion): After {
    switch (kind) {
      case "usage_limit":
      case "rate_limit":
        this.#rate(account, -15);
        if (now - account.struckAt > FORGET) account.strikes = 0;
        account.strikes += 1;
        account.struckAt = now;
        rest(account, LADDER[Math.min(account.strikes, LADDER.length) - 1] ?? 0, now);
        return "next";
      case "credential":
        this.#rate(account, -18);
        rest(account, 10 * MINUTE, now);
        return "next";
      case "server":
        this.#rate(account, -10);
        rest(account, 30 * SECOND, now);
        return "stop";
    }
  }

  served(account: Known, { conversation }: { conversation: number }, now: number): void {
    this.#affinity.keep(conversation, account.index, now);
    this.#rate(account, 4);
    account.strikes = Math.max(0, account.strikes - 1);
    account.restsUntil = 0;
  }

  #healthier(candidates: readonly Known[]): Known {
    const head = candidates[0] as Known;
    const window = Math.min(ORDERED_WINDOW, candidates.length);
    if (window < 2) return head;
    this.#nonce += 1;
    const challenger = candidates[1 + (this.#nonce % (window - 1))] as Known;
    return this.#healthOf(challenger) > this.#healthOf(head) ? challenger : head;
  }

  #rate(account: Known, change: number): void {
    this.#health.set(account.index, Math.min(200, Math.max(0, this.#healthOf(account) + change)));
  }

  #healthOf({ index }: Known): number {
    return this.#health.get(index) ?? 100;
  }
}

function seemsUsedUp(account: Known, now: number): boolean {
  return Math.max(used(account, "short", now) ?? 0, used(account, "long", now) ?? 0) >= 100;
}

/** The last candidate is asked even while it rests. */
function lastChance(accounts: readonly Known[], { attempts, tried }: Going): Known | null {
  return attempts > 0
    ? null
    : (accounts.findLast(({ index, needsSignIn }) => !needsSignIn && !tried.has(index)) ?? null);
}
