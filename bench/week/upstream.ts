// The upstream of the simulated week: decides by the truth whether an account serves a request, and what that costs.

import type { Window } from "../../src/pool/account.ts";
import type { Observation } from "../../src/pool/observation.ts";
import { Caches } from "./caches.ts";
import { type Plan, Quota } from "./quota.ts";
import { between, type Random } from "./random.ts";
import type { Member } from "./rule.ts";
import { HOUR, MINUTE, SECOND, WEEK, weekStartsAt } from "./time.ts";
import { creditsOf, type Turn } from "./traffic.ts";
import type { Trouble, TroubleKind } from "./trouble.ts";

export interface Served {
  readonly kind: "served";
  /** As the headers tell it: of the moment before this request was counted. */
  readonly windows: readonly Window[];
  readonly cached: number;
}

export interface Refused {
  readonly kind: "refused";
  readonly seen: Observation;
}

/** Requests a minute that one account may begin, by its plan. */
const PACE: Readonly<Record<Plan, number>> = { free: 15, plus: 40, team: 40, pro: 160 };

interface State {
  readonly quota: Quota;
  readonly pace: number;
  /** Requests that may begin at once, and when that was counted. */
  tokens: number;
  countedAt: number;
}

export class Upstream {
  readonly #states: readonly State[];
  readonly #trouble: Trouble;
  readonly #caches = new Caches();

  constructor(members: readonly Member[], quotas: readonly Quota[], trouble: Trouble) {
    this.#trouble = trouble;
    this.#states = members.map(({ plan }, index) => {
      const pace = PACE[plan];
      return { quota: quotas[index] as Quota, pace, tokens: pace / 2, countedAt: weekStartsAt };
    });
  }

  /** `draw` decides whether trouble that concerns some requests concerns this one. */
  ask(account: number, turn: Turn, { now, draw }: { now: number; draw: number }): Served | Refused {
    const state = this.#states[account] as State;
    const spell = this.#trouble.at(account, now, draw);
    if (spell !== null) return refusal(REFUSALS[spell.kind]);
    const fullUntil = state.quota.fullUntil(now);
    if (fullUntil !== null) return refusal({ status: 429, type: "usage_limit_reached", resetsAt: fullUntil });
    if (!mayBegin(state, now)) return refusal(REFUSALS.rate_limit);
    const windows = state.quota.told(now);
    state.quota.begin(now);
    return { kind: "served", windows, cached: this.#cached(turn, account, now) };
  }

  /** The answer has been given: it is counted, and what was read stays in the account's cache. */
  end(account: number, turn: Turn, { cached, now }: { cached: number; now: number }): number {
    const credits = creditsOf(turn, cached);
    const { quota } = this.#states[account] as State;
    quota.spend(credits, creditsOf(turn, turn.cachedAtBest), now);
    this.#caches.keep(turn.conversation, account, turn.input + turn.output, now);
    return credits;
  }

  told(account: number, now: number): readonly Window[] {
    return (this.#states[account] as State).quota.told(now);
  }

  /** Useful credits spent in the weeks that were running at the start, before they reset. */
  get usefulBeforeReset(): number {
    return this.#states.reduce((sum, { quota }) => sum + quota.usefulBeforeReset, 0);
  }

  #cached({ conversation, repeated }: Turn, account: number, now: number): number {
    return Math.min(repeated, this.#caches.tokens(conversation, account, now));
  }
}

/** Quotas as they stand on a Monday: weeks that reset on any day, more or less used. */
export function makeQuotas(members: readonly Member[], weekShare: number, random: Random): readonly Quota[] {
  return members.map(({ plan }) => {
    const elapsed = random();
    const used = Math.min(0.98, elapsed * between(random, 0.4, 1.4));
    return new Quota(plan, { weekShare, used, resetsAt: weekStartsAt + (1 - elapsed) * (WEEK - 2 * HOUR) + HOUR });
  });
}

function mayBegin(state: State, now: number): boolean {
  const refilled = ((now - state.countedAt) / MINUTE) * state.pace;
  state.tokens = Math.min(state.pace / 2, state.tokens + refilled);
  state.countedAt = now;
  if (state.tokens < 1) return false;
  state.tokens -= 1;
  return true;
}

interface Words {
  readonly status: number;
  readonly type?: string;
  readonly code?: string;
  readonly message?: string;
  readonly resetsAt?: number;
}

const REFUSALS: Readonly<Record<TroubleKind, Words>> = {
  rate_limit: {
    status: 429,
    code: "rate_limit_exceeded",
    message: "Rate limit reached. Please try again in 3s.",
  },
  sign_in: { status: 401, code: "token_invalidated" },
  failing: { status: 502 },
  overload: { status: 503, code: "server_is_overloaded" },
};

function refusal({ status, type = null, code = null, message = "", resetsAt = null }: NullableWords): Refused {
  const seen: Observation = {
    phase: "answer",
    status,
    code,
    type,
    message,
    isHtml: false,
    retryAfterMs: null,
    resetsAt,
  };
  return { kind: "refused", seen };
}

type NullableWords = { readonly [Name in keyof Words]: Words[Name] | null } & {
  readonly status: number;
  readonly message?: string;
};

/** How long a refusal takes to arrive. */
export const REFUSED_AFTER = 0.4 * SECOND;
