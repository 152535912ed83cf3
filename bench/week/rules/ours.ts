// The product's own rules: its pool, candidates, classification and transitions as they ship. Only what the gateway does
// around them, which cannot run without requests, is written here as the gateway does it.

import { freshFacts, MAIN_FAMILY, plainLogin, type PoolAccount, type Window } from "../../../src/pool/account.ts";
import { type Ask, type Candidate, Candidates } from "../../../src/pool/candidates.ts";
import { judge } from "../../../src/pool/classify.ts";
import { whyNot } from "../../../src/pool/eligibility.ts";
import { noFilter } from "../../../src/pool/filter.ts";
import { nextChanceAt } from "../../../src/pool/nobody.ts";
import type { Observation } from "../../../src/pool/observation.ts";
import { Pool } from "../../../src/pool/pool.ts";
import { isStrategy, type StrategyName } from "../../../src/pool/strategy/index.ts";
import { afterFailure, afterReading, afterSignIn, afterSuccess } from "../../../src/pool/transitions.ts";
import { routing } from "../../../src/contract/settings/areas/routing.ts";
import type { Failure } from "../../../src/contract/failure.ts";
import type { Member, Request, Round, Rule, Step } from "../rule.ts";
import { MINUTE } from "../time.ts";

/** As they are unless the user sets them. */
const LIMITS = {
  perAccount: routing.attemptsPerAccount.default,
  budgetMs: routing.retryBudgetMs.default,
  patienceMs: routing.coolDownPatienceMs.default,
  boundWaitMs: routing.boundWaitMs.default,
};
const POLL_EVERY = 10 * MINUTE;
const FIRST_PAUSE_MS = 200;
const REFUSED_MS = 400;
const MODEL = "m";

export class Ours implements Rule {
  readonly pollEveryMs = POLL_EVERY;
  readonly pool = new Pool();
  readonly strategy: StrategyName;
  readonly #bindings = new Map<number, string>();

  constructor(members: readonly Member[], strategy: StrategyName) {
    this.strategy = strategy;
    for (const [index, { plan }] of members.entries()) this.pool.put(accountOf(index, plan));
    this.pool.terms = {
      maxInflight: routing.maxInflightPerAccount.default,
      softThresholdPercent: routing.softThresholdPercent.default,
      asksLoginsFirst: true,
    };
  }

  begin(request: Request): Round {
    return new OurRound(this, request);
  }

  bound(conversation: number): string | null {
    return this.#bindings.get(conversation) ?? null;
  }

  bind(conversation: number, accountId: string): void {
    this.#bindings.set(conversation, accountId);
  }

  change(accountId: string, step: (facts: PoolAccount["facts"]) => PoolAccount["facts"]): void {
    const account = this.pool.find(accountId);
    if (account !== undefined) this.pool.setFacts(accountId, step(account.facts));
  }

  learn(accountId: string, windows: readonly Window[], source: "headers" | "poll", at: number): void {
    const nothingElse = { isLimitReached: false, plan: null, credits: null, resetCredits: null };
    const reading = { family: MAIN_FAMILY, windows, ...nothingElse, source, at } as const;
    this.change(accountId, (facts) => afterReading(facts, reading));
  }

  polled(account: number, windows: readonly Window[], now: number): void {
    this.learn(idOf(account), windows, "poll", now);
  }

  signedIn(account: number, now: number): void {
    this.change(idOf(account), (facts) => afterSignIn(facts, now));
  }
}

class OurRound implements Round {
  readonly #rule: Ours;
  readonly #request: Request;
  readonly #ask: Ask;
  #candidates: Candidates;
  #candidate: Candidate | null = null;
  #last: Failure | null = null;
  #isLookedAt = false;
  readonly #tries = new Map<string, number>();
  readonly #exhausted = new Set<string>();
  #refusedMs = 0;
  #waitedMs = 0;
  #startedAt = 0;

  constructor(rule: Ours, request: Request) {
    this.#rule = rule;
    this.#request = request;
    const nobody = { manualAccountId: null, isManualStrict: false } as const;
    const bound = { boundAccountId: rule.bound(request.conversation), boundReason: "bound" } as const;
    const { strategy } = rule;
    this.#ask = { model: MODEL, filter: noFilter, strategy, ...nobody, ...bound, healthWindow: 1, draw: request.draw };
    this.#candidates = new Candidates(rule.pool, this.#ask);
  }

  next(now: number): Step {
    if (!this.#isLookedAt) {
      this.#isLookedAt = true;
      const wait = this.#waitForOwn(now);
      if (wait !== null) return { kind: "wait", ms: wait };
    }
    if (this.#candidate !== null) {
      const again = this.#again(this.#candidate, now);
      if (again !== null) return again;
    }
    const { pool } = this.#rule;
    const candidate = this.#last?.retry === "never" || this.#isSpent ? null : this.#candidates.next(now);
    if (candidate === null) return this.#nobody(now);
    this.#candidate = candidate;
    pool.begin(candidate.account.id, candidate);
    if (isStrategy(candidate.reason)) pool.placed(candidate.account.id, now);
    return this.#send(candidate, now);
  }

  refused(_account: number, seen: Observation, now: number): void {
    const { account } = this.#candidate as Candidate;
    const facts = this.#rule.pool.find(account.id)?.facts ?? freshFacts;
    const judged = judge({ seen, facts, now });
    // The token is renewed, and in this world that is refused for good.
    const isLost = judged.retry === "refresh";
    const failure: Failure = isLost ? { ...judged, code: "sign_in_required", retry: "next", until: undefined } : judged;
    this.#rule.change(account.id, (before) => afterFailure(before, failure, { model: MODEL, now }));
    this.#refusedMs += REFUSED_MS;
    this.#last = failure;
  }

  served(_account: number, windows: readonly Window[], now: number): void {
    const { account } = this.#candidate as Candidate;
    this.#rule.learn(account.id, windows, "headers", now);
    this.#rule.bind(this.#request.conversation, account.id);
  }

  ended(_account: number, now: number): void {
    const candidate = this.#candidate as Candidate;
    const occasion = { model: MODEL, startedAt: this.#startedAt, now };
    this.#rule.change(candidate.account.id, (facts) => afterSuccess(facts, occasion));
    this.#rule.pool.end(candidate.account.id, candidate);
  }

  get #isSpent(): boolean {
    return this.#refusedMs >= LIMITS.budgetMs;
  }

  #send({ account }: Candidate, now: number): Step {
    const tries = (this.#tries.get(account.id) ?? 0) + 1;
    this.#tries.set(account.id, tries);
    if (tries >= LIMITS.perAccount) this.#exhausted.add(account.id);
    this.#startedAt = now;
    return { kind: "ask", account: numberOf(account.id) };
  }

  /** The same account once more, after a pause, when the failure says that this helps. */
  #again(candidate: Candidate, now: number): Step | null {
    const tries = this.#tries.get(candidate.account.id) ?? 0;
    if (this.#last?.retry === "same" && tries < LIMITS.perAccount && !this.#isSpent) {
      const ms = FIRST_PAUSE_MS * 2 ** (tries - 1);
      if (!this.#hasPaused) {
        this.#hasPaused = true;
        this.#refusedMs += ms;
        return { kind: "wait", ms };
      }
      this.#hasPaused = false;
      return this.#send(candidate, now);
    }
    this.#rule.pool.end(candidate.account.id, candidate);
    this.#candidate = null;
    return null;
  }

  #hasPaused = false;

  #waitForOwn(now: number): number | null {
    const own = this.#rule.pool.find(this.#ask.boundAccountId ?? "");
    const until = own === undefined ? null : (whyNot(own, MODEL, now)?.until ?? null);
    return until !== null && until - now <= LIMITS.boundWaitMs ? until - now : null;
  }

  #nobody(now: number): Step {
    const { pool } = this.#rule;
    const chanceAt = this.#isSpent ? null : nextChanceAt(pool, this.#ask, this.#exhausted, now);
    if (chanceAt === null) return { kind: "give_up" };
    const ms = Math.max(1, chanceAt - now);
    if (ms > LIMITS.patienceMs - this.#waitedMs) return { kind: "give_up" };
    this.#waitedMs += ms;
    this.#last = null;
    this.#candidates = new Candidates(pool, this.#ask, this.#exhausted);
    return { kind: "wait", ms };
  }
}

const PREFIX = "account-";

/** Ids sort like numbers. */
function idOf(index: number): string {
  return `${PREFIX}${String(index).padStart(4, "0")}`;
}

function numberOf(id: string): number {
  return Number(id.slice(PREFIX.length));
}

function accountOf(index: number, plan: string): PoolAccount {
  const known = { upstream: "chatgpt", sort: index, isEnabled: true, plan, chatgptAccountId: null };
  return { id: idOf(index), label: idOf(index), ...known, ...plainLogin, facts: freshFacts };
}
