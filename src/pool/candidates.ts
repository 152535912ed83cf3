// The accounts asked for one request, one after the other, each judged by the facts of the moment at which its turn
// comes: first those the user or the conversation name, then the strategy's order.

import type { PoolAccount } from "./account.ts";
import type { Skip } from "./eligibility.ts";
import type { Filter } from "./filter.ts";
import type { Lane } from "./lane.ts";
import type { Pool } from "./pool.ts";
import { chanceOf, type Entry, skipOf } from "./standing.ts";
import type { StrategyName } from "./strategy/index.ts";

/** `parent`: the conversation that this one was started from is there. */
export type ChoiceReason = "manual" | "bound" | "parent" | StrategyName;

export interface Candidate {
  readonly account: PoolAccount;
  readonly reason: ChoiceReason;
  /** This request finds out whether the account serves again; no other is let through meanwhile. */
  readonly isProbe: boolean;
}

export interface Ask {
  readonly model: string | null;
  readonly filter: Filter;
  readonly strategy: StrategyName;
  /** The account the user has picked for everything. */
  readonly manualAccountId: string | null;
  /** No other account may stand in for the manual one. */
  readonly isManualStrict: boolean;
  /** The account this conversation is on, and how that is known. */
  readonly boundAccountId: string | null;
  readonly boundReason: "bound" | "parent";
  /** Of `balanced`: the best of so many by health goes first; 1 compares nothing. */
  readonly healthWindow: number;
  /** Drawn for this request, from 0 up to 1. */
  readonly draw: number;
}

/** So many of the accounts passed over are kept for the explanation; a count tells of the rest. */
const KEPT_SKIPS = 16;

const nobody: ReadonlySet<string> = new Set();

export class Candidates {
  readonly #pool: Pool;
  readonly #ask: Ask;
  /** Asked already, or out of the question from the beginning. */
  readonly #done: Set<string>;
  readonly #named: { readonly id: string; readonly reason: ChoiceReason }[] = [];
  readonly #skips = new Map<string, Skip>();
  #skippedCount = 0;
  #isLaneTold = false;

  constructor(pool: Pool, ask: Ask, excluded: ReadonlySet<string> = nobody) {
    this.#pool = pool;
    this.#ask = ask;
    this.#done = new Set(excluded);
    const { manualAccountId, boundAccountId, boundReason } = ask;
    if (manualAccountId !== null) this.#named.push({ id: manualAccountId, reason: "manual" });
    if (boundAccountId !== null && !isStrict(ask)) this.#named.push({ id: boundAccountId, reason: boundReason });
  }

  /** The next account to ask; null when there is none left. It is the caller's to begin on it at once. */
  next(now: number): Candidate | null {
    for (let named = this.#named.shift(); named !== undefined; named = this.#named.shift()) {
      const entry = this.#done.has(named.id) ? undefined : this.#pool.entry(named.id);
      if (entry === undefined) continue;
      const candidate = this.#judge(entry, named.reason, now);
      if (candidate !== null) return candidate;
    }
    return isStrict(this.#ask) ? null : this.#nextOfLane(now);
  }

  /** The ids of the first few that would be asked now, one after the other. Takes nobody's turn. */
  inOrder(most: number, now: number): string[] {
    const told = new Set<string>();
    for (const { id } of this.#named) {
      const entry = this.#done.has(id) ? undefined : this.#pool.entry(id);
      if (entry !== undefined && skipOf(entry, this.#ask, this.#pool.terms, now) === null) told.add(id);
    }
    if (isStrict(this.#ask)) return [...told];
    const lane = this.#lane(now);
    while (told.size < most) {
      const isTold = (entry: Entry) => told.has(entry.account.id) || this.#isDone(entry);
      const next = this.#pick(lane, isTold);
      if (next === null) break;
      told.add(next.account.id);
    }
    return [...told];
  }

  /** Whether an account could serve but for the number of requests it serves already. */
  isWorthWaiting(now: number): boolean {
    const { manualAccountId } = this.#ask;
    if (!isStrict(this.#ask)) return this.#lane(now).busyCount > 0;
    const entry = this.#pool.entry(manualAccountId ?? "");
    return entry !== undefined && chanceOf(entry, this.#ask, this.#pool.terms, now) === "busy";
  }

  /** The first of those passed over, and why; of the strategy's order as it was when it was first needed. */
  get skips(): readonly Skip[] {
    return [...this.#skips.values()];
  }

  get skippedCount(): number {
    return this.#skippedCount;
  }

  // --- inside ---

  #judge(entry: Entry, reason: ChoiceReason, now: number): Candidate | null {
    const skip = skipOf(entry, this.#ask, this.#pool.terms, now);
    if (skip === null) return this.#candidate(entry, reason, now);
    this.#note(skip);
    return null;
  }

  #nextOfLane(now: number): Candidate | null {
    const lane = this.#lane(now);
    this.#tellSkips(lane, now);
    const chosen = this.#pick(lane, this.#isDone);
    return chosen === null ? null : this.#candidate(chosen, this.#ask.strategy, now);
  }

  #pick(lane: Lane, isOut: (entry: Entry) => boolean): Entry | null {
    const first = lane.first(isOut);
    const { strategy, healthWindow } = this.#ask;
    return first !== null && strategy === "balanced" && healthWindow > 1 ? this.#healthier(first, lane, isOut) : first;
  }

  /** The first of the order, or one drawn from those right behind it when that one's health is better. */
  #healthier(first: Entry, lane: Lane, isOut: (entry: Entry) => boolean): Entry {
    const { healthWindow, draw } = this.#ask;
    const steps = 1 + Math.floor(draw * (healthWindow - 1));
    const passed = new Set([first]);
    let challenger: Entry | null = first;
    for (let step = 0; step < steps && challenger !== null; step += 1) {
      challenger = lane.first((entry) => passed.has(entry) || isOut(entry));
      if (challenger !== null) passed.add(challenger);
    }
    if (challenger === null) return first;
    return challenger.account.facts.health.score > first.account.facts.health.score ? challenger : first;
  }

  #candidate(entry: Entry, reason: ChoiceReason, now: number): Candidate {
    const { account } = entry;
    this.#done.add(account.id);
    this.#skips.delete(account.id);
    const isProbe = chanceOf(entry, this.#ask, this.#pool.terms, now) === "probe";
    return { account, reason, isProbe };
  }

  readonly #isDone = ({ account }: Entry): boolean => this.#done.has(account.id);

  #lane(now: number): Lane {
    return this.#pool.lane(this.#ask.strategy, this.#ask, now);
  }

  #tellSkips(lane: Lane, now: number): void {
    if (this.#isLaneTold) return;
    this.#isLaneTold = true;
    for (const skip of lane.skips(KEPT_SKIPS, this.#pool.terms, now)) this.#skips.set(skip.accountId, skip);
    this.#skippedCount = Math.max(lane.skippedCount, this.#skips.size);
  }

  #note(skip: Skip): void {
    this.#skips.set(skip.accountId, skip);
    this.#skippedCount = Math.max(this.#skippedCount, this.#skips.size);
  }
}

/** Whether the manual account may serve and no other. */
export function isStrict({ manualAccountId, isManualStrict }: Ask): boolean {
  return isManualStrict && manualAccountId !== null;
}
