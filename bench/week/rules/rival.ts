// What rivals' rules have in common: per account a rest, the newest reading and the running requests; per request the
// accounts that were asked already. Each rule says the rest itself.

import type { Window } from "../../../src/pool/account.ts";
import type { Observation } from "../../../src/pool/observation.ts";
import { spokenWaitMs } from "../../../src/pool/cooldown.ts";
import type { Plan } from "../quota.ts";
import type { Member, Request, Round, Rule, Step } from "../rule.ts";
import { FIVE_HOURS_MINUTES } from "../time.ts";

export interface Known {
  readonly index: number;
  readonly plan: Plan;
  /** Epoch ms; the account is not asked before. */
  restsUntil: number;
  /** Refusals in a row, as the rule counts them. */
  strikes: number;
  struckAt: number;
  inflight: number;
  askedAt: number;
  windows: readonly Window[];
  needsSignIn: boolean;
}

export type Kind = "usage_limit" | "rate_limit" | "credential" | "server";

export interface Occasion {
  readonly account: Known;
  readonly seen: Observation;
  readonly kind: Kind;
  /** Wait that the upstream named; null when it named none. */
  readonly toldMs: number | null;
  readonly now: number;
  /** Attempts of this request so far, and of them on this account. */
  readonly attempts: number;
  readonly onThis: number;
}

/** `next`: another account. `same`: this one again after so long. `stop`: the client gets the refusal. */
export type After = "next" | "stop" | { readonly sameAfterMs: number };

export interface Going {
  readonly request: Request;
  readonly tried: ReadonlySet<number>;
  /** Accounts that were refused, in order. */
  readonly attempts: number;
  readonly waitedMs: number;
}

/** What one rival's rule says. */
export interface Policy {
  readonly pollEveryMs: number | null;
  /** The account to ask; null when there is none. */
  choose(accounts: readonly Known[], going: Going, now: number): Known | null;
  /** What to do when there is none: so long to wait before choosing anew; null to give up. */
  patience?(accounts: readonly Known[], going: Going, now: number): number | null;
  refused(occasion: Occasion): After;
  served?(account: Known, request: Request, now: number): void;
  ended?(account: Known, request: Request, now: number): void;
}

export class Rival implements Rule {
  readonly pollEveryMs: number | null;
  readonly accounts: readonly Known[];
  readonly policy: Policy;

  constructor(members: readonly Member[], policy: Policy) {
    this.policy = policy;
    this.pollEveryMs = policy.pollEveryMs;
    const nothing = { restsUntil: 0, strikes: 0, struckAt: 0, inflight: 0, askedAt: 0, needsSignIn: false };
    this.accounts = members.map(({ plan }, index) => ({ index, plan, ...nothing, windows: [] }));
  }

  begin(request: Request): Round {
    return new RivalRound(this, request);
  }

  polled(account: number, windows: readonly Window[]): void {
    (this.accounts[account] as Known).windows = windows;
  }

  signedIn(account: number): void {
    const known = this.accounts[account] as Known;
    known.needsSignIn = false;
    known.restsUntil = 0;
  }
}

class RivalRound implements Round {
  readonly #rule: Rival;
  readonly #request: Request;
  readonly #tried = new Set<number>();
  readonly #onEach = new Map<number, number>();
  #attempts = 0;
  #waitedMs = 0;
  #after: After = "next";
  #current: Known | null = null;

  constructor(rule: Rival, request: Request) {
    this.#rule = rule;
    this.#request = request;
  }

  next(now: number): Step {
    if (this.#after === "stop") return { kind: "give_up" };
    if (this.#after !== "next") {
      const { sameAfterMs } = this.#after;
      if (sameAfterMs === 0 || this.#current === null) return this.#ask(this.#current as Known, now);
      this.#after = { sameAfterMs: 0 };
      return { kind: "wait", ms: sameAfterMs };
    }
    const { accounts, policy } = this.#rule;
    const chosen = policy.choose(accounts, this.#going, now);
    if (chosen !== null) return this.#ask(chosen, now);
    const ms = policy.patience?.(accounts, this.#going, now) ?? null;
    if (ms === null) return { kind: "give_up" };
    this.#waitedMs += ms;
    this.#tried.clear();
    return { kind: "wait", ms };
  }

  refused(account: number, seen: Observation, now: number): void {
    const known = this.#known(account);
    known.inflight -= 1;
    this.#attempts += 1;
    const onThis = (this.#onEach.get(account) ?? 0) + 1;
    this.#onEach.set(account, onThis);
    this.#tried.add(account);
    const kind = kindOf(seen);
    const toldMs = toldWait(seen, now);
    this.#after = this.#rule.policy.refused({
      account: known,
      seen,
      kind,
      toldMs,
      now,
      attempts: this.#attempts,
      onThis,
    });
  }

  served(account: number, windows: readonly Window[], now: number): void {
    const known = this.#known(account);
    known.windows = windows;
    this.#rule.policy.served?.(known, this.#request, now);
  }

  ended(account: number, now: number): void {
    const known = this.#known(account);
    known.inflight -= 1;
    this.#rule.policy.ended?.(known, this.#request, now);
  }

  get #going(): Going {
    return { request: this.#request, tried: this.#tried, attempts: this.#attempts, waitedMs: this.#waitedMs };
  }

  #ask(account: Known, now: number): Step {
    this.#after = "next";
    this.#current = account;
    account.inflight += 1;
    account.askedAt = now;
    return { kind: "ask", account: account.index };
  }

  #known(account: number): Known {
    return this.#rule.accounts[account] as Known;
  }
}

function kindOf({ status, type, code }: Observation): Kind {
  if (type === "usage_limit_reached") return "usage_limit";
  if (status === 429 || code === "rate_limit_exceeded") return "rate_limit";
  return status === 401 ? "credential" : "server";
}

function toldWait({ resetsAt, retryAfterMs, message }: Observation, now: number): number | null {
  return resetsAt === null ? (retryAfterMs ?? spokenWaitMs(message)) : resetsAt - now;
}

export function rest(account: Known, ms: number, now: number): void {
  account.restsUntil = Math.max(account.restsUntil, now + ms);
}

/** May be asked: not resting, signed in, and not asked yet for this request. */
export function isOpen(account: Known, { tried }: Going, now: number): boolean {
  return account.restsUntil <= now && !account.needsSignIn && !tried.has(account.index);
}

/** Percent used of the window of this kind; null when it is not known. A window whose reset has passed is empty. */
export function used({ windows }: Known, which: "short" | "long", now: number): number | null {
  const window = windowOf(windows, which);
  if (window === undefined) return null;
  return window.resetsAt !== null && window.resetsAt <= now ? 0 : window.usedPercent;
}

export function resetOf({ windows }: Known, which: "short" | "long", now: number): number | null {
  const resetsAt = windowOf(windows, which)?.resetsAt ?? null;
  return resetsAt !== null && resetsAt > now ? resetsAt : null;
}

function windowOf(windows: readonly Window[], which: "short" | "long"): Window | undefined {
  return windows.find(({ minutes }) => minutes <= FIVE_HOURS_MINUTES === (which === "short"));
}

/** Remembers where each conversation is, for so long after its last use. */
export class Affinity {
  readonly #ttlMs: number;
  readonly #kept = new Map<number, { account: number; at: number }>();

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  find(conversation: number, now: number): number | null {
    const kept = this.#kept.get(conversation);
    return kept === undefined || now - kept.at > this.#ttlMs ? null : kept.account;
  }

  keep(conversation: number, account: number, now: number): void {
    this.#kept.set(conversation, { account, at: now });
  }
}
