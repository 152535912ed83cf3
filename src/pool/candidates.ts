// The order in which accounts are asked for one request, with the reason for each choice and each skip.
// It walks lazily: with ten thousand accounts it looks at as many as it takes to find one that can serve.

import type { PoolAccount } from "./account.ts";
import { seemsUsedUp, type Skip, whyNot } from "./eligibility.ts";
import { strategies, type StrategyName } from "./strategy/index.ts";

export interface PoolView {
  /** In the user's order; always current. */
  readonly inOrder: readonly PoolAccount[];
  find(accountId: string): PoolAccount | undefined;
  /** Whether the account already serves as many requests as it may; such accounts are asked last. */
  isBusy(accountId: string): boolean;
}

export type ChoiceReason = "manual" | "bound" | StrategyName;

export interface Candidate {
  readonly account: PoolAccount;
  readonly reason: ChoiceReason;
}

export interface Ask {
  readonly model: string | null;
  readonly strategy: StrategyName;
  readonly turn: number;
  /** The account the user has picked for everything. */
  readonly manualAccountId: string | null;
  /** The account this conversation is on. */
  readonly boundAccountId: string | null;
}

/** So many skips are kept for the explanation; a count tells of the rest. */
const KEPT_SKIPS = 32;

export class Candidates {
  readonly #view: PoolView;
  readonly #ask: Ask;
  readonly #walk: Generator<Candidate, void, number>;
  readonly #seen = new Set<string>();
  readonly #skips: Skip[] = [];

  constructor(view: PoolView, ask: Ask) {
    this.#view = view;
    this.#ask = ask;
    this.#walk = this.#candidates();
    this.#walk.next(0);
  }

  /** The next account to ask, judged by the facts as they are at `now`; null when there is none left. */
  next(now: number): Candidate | null {
    const step = this.#walk.next(now);
    return step.done === true ? null : step.value;
  }

  get skips(): readonly Skip[] {
    return this.#skips;
  }

  *#candidates(): Generator<Candidate, void, number> {
    let now = yield undefined as never;
    const { manualAccountId, boundAccountId, strategy, turn } = this.#ask;
    for (const [accountId, reason] of [
      [manualAccountId, "manual"],
      [boundAccountId, "bound"],
    ] as const) {
      const account = accountId === null ? undefined : this.#view.find(accountId);
      if (account !== undefined && this.#mayServe(account, now)) now = yield { account, reason };
    }
    const deferred: PoolAccount[] = [];
    for (const { id } of strategies[strategy](this.#view.inOrder, { turn })) {
      // The list may be an older one by now; what counts is the account as it is.
      const account = this.#view.find(id);
      if (account === undefined || !this.#mayServe(account, now)) continue;
      if (seemsUsedUp(account, now) || this.#view.isBusy(account.id)) deferred.push(account);
      else now = yield { account, reason: strategy };
    }
    for (const account of deferred) {
      this.#seen.delete(account.id);
      const current = this.#view.find(account.id);
      if (current !== undefined && this.#mayServe(current, now)) now = yield { account: current, reason: strategy };
    }
  }

  #mayServe(account: PoolAccount, now: number): boolean {
    if (this.#seen.has(account.id)) return false;
    this.#seen.add(account.id);
    const skip = whyNot(account, this.#ask.model, now);
    if (skip === null) return true;
    if (this.#skips.length < KEPT_SKIPS) this.#skips.push(skip);
    return false;
  }
}
