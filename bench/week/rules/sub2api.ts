// Wei-Shaw/sub2api at a73a5fff7, default weights: the conversation's account while it is well, else a score of
// priority, load, queue, errors and time to first token (the same for all here); one of the best seven is drawn by weight.

import { seeded } from "../random.ts";
import type { Member } from "../rule.ts";
import { HOUR, MINUTE, SECOND } from "../time.ts";
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
} from "./rival.ts";

const STICKY_TTL = HOUR;
const TOP = 7;
/** Reset and quota headroom can be weighed too; by default they are not. */
const WEIGHTS = { same: 1 + 0.7 + 0.5, load: 1, errors: 0.8 };
const EWMA = 0.2;
/** Requests that an account serves at once; the field's default. */
const SLOTS = 10;
const STICKY_ERRORS = 0.5;
const SWITCHES = 10;

export function sub2api(members: readonly Member[]): Rival {
  return new Rival(members, new Sub2api());
}

class Sub2api implements Policy {
  readonly pollEveryMs = 10 * MINUTE;
  readonly #affinity = new Affinity(STICKY_TTL);
  readonly #errors = new Map<number, number>();
  readonly #random = seeded(23);

  choose(accounts: readonly Known[], going: Going, now: number): Known | null {
    const open = accounts.filter((account) => isOpen(account, going, now) && account.inflight < SLOTS);
    const own = this.#affinity.find(going.request.conversation, now);
    const bound = open.find(({ index }) => index === own);
    if (bound !== undefined && this.#errorsOf(bound) < STICKY_ERRORS) return bound;
    const scored = open.map((account) => ({ account, score: this.#score(account) }));
    const best = scored.sort((left, right) => right.score - left.score).slice(0, TOP);
    const floor = (best.at(-1)?.score ?? 0) - 1;
    let draw = this.#random() * best.reduce((sum, { score }) => sum + score - floor, 0);
    return (best.find(({ score }) => (draw -= score - floor) < 0) ?? best[0])?.account ?? null;
  }

  refused({ account, kind, toldMs, now, attempts }: Occasion): After {
    this.#note(account, 1);
    if (kind === "credential") account.needsSignIn = true;
    else if (kind === "usage_limit") rest(account, toldMs ?? 5 * MINUTE, now);
    else if (kind === "rate_limit") rest(account, toldMs ?? 5 * SECOND, now);
    return attempts > SWITCHES ? "stop" : "next";
  }

  served({ index }: Known, { conversation }: { conversation: number }, now: number): void {
    this.#affinity.keep(conversation, index, now);
  }

  ended(account: Known): void {
    this.#note(account, 0);
  }

  #score(account: Known): number {
    return (
      WEIGHTS.same + WEIGHTS.load * (1 - account.inflight / SLOTS) + WEIGHTS.errors * (1 - this.#errorsOf(account))
    );
  }

  #note({ index }: Known, error: number): void {
    this.#errors.set(index, (this.#errors.get(index) ?? 0) * (1 - EWMA) + EWMA * error);
  }

  #errorsOf({ index }: Known): number {
    return this.#errors.get(index) ?? 0;
  }
}
