// The product's pool as the measurement of choices needs it: something that can be changed and asked.

import {
  type AccountFacts,
  type Block,
  freshFacts,
  MAIN_FAMILY,
  plainLogin,
  type PoolAccount,
} from "../src/pool/account.ts";
import { type Ask, Candidates } from "../src/pool/candidates.ts";
import { noFilter } from "../src/pool/filter.ts";
import { Pool } from "../src/pool/pool.ts";
import { strategies, type StrategyName } from "../src/pool/strategy/index.ts";
import { afterFailure, afterReading, afterSuccess } from "../src/pool/transitions.ts";
import { drawFor } from "./week/random.ts";
import { DAY, HOUR, MINUTE, weekStartsAt } from "./week/time.ts";

export interface MeasuredPool {
  pass(ms: number): void;
  /** One account's facts change. */
  change(): void;
  /** A request chooses its account, begins and ends on it. */
  choose(isBound: boolean): void;
}

export const poolStrategies = Object.keys(strategies) as readonly StrategyName[];

const PLANS = ["plus", "team", "plus", "pro", "free"];
const MODEL = "m";
/** So many facts and asks are made beforehand, so that only the pool's own work is measured. */
const MADE = 4096;

export function openPool(strategy: StrategyName, size: number): MeasuredPool {
  const pool = new Pool();
  pool.terms = { maxInflight: 0, softThresholdPercent: 90, asksLoginsFirst: true };
  let now = weekStartsAt;
  for (let index = 0; index < size; index += 1) pool.put(accountOf(index));
  const ids = pool.entries.map(({ account }) => account.id);
  const facts = Array.from({ length: MADE }, (_, index) => factsOf(index, now));
  const any = (index: number): string => ids[Math.floor(drawFor(index, 7) * size)] as string;
  const changed = Array.from({ length: MADE * 16 }, (_, index) => any(index));
  const bound = Array.from({ length: MADE }, (_, index) => askOf(strategy, any(-index)));
  const unbound = askOf(strategy, null);
  let turn = 0;
  return {
    pass(ms) {
      now += ms;
    },
    change() {
      turn += 1;
      pool.setFacts(changed[turn % changed.length] as string, facts[turn % MADE] as AccountFacts);
    },
    choose(isBound) {
      turn += 1;
      const ask = isBound ? (bound[turn % MADE] as Ask) : unbound;
      const candidate = new Candidates(pool, ask).next(now);
      if (candidate === null) throw new Error("no account could serve");
      pool.begin(candidate.account.id, candidate);
      if (candidate.reason === strategy) pool.placed(candidate.account.id, now);
      pool.end(candidate.account.id, candidate);
    },
  };
}

/** A reading, a success, or now and then a refusal. */
function factsOf(index: number, now: number): AccountFacts {
  const facts = afterReading(freshFacts, readingOf(drawFor(index, 3), now));
  if (index % 20 === 0) return afterFailure(facts, refusalAt(now), { model: MODEL, now });
  return index % 2 === 0 ? afterSuccess(facts, { model: MODEL, startedAt: now - 1, now }) : facts;
}

function refusalAt(now: number) {
  const told = { message: "", until: now + MINUTE, isUntilTold: true };
  return {
    code: "usage_limit_reached" as Block["code"],
    class: "quota",
    scope: "account",
    retry: "next",
    ...told,
  } as const;
}

function readingOf(draw: number, at: number) {
  const windows = [
    { minutes: 300, usedPercent: Math.floor(draw * 90), resetsAt: at + draw * 5 * HOUR + MINUTE },
    { minutes: 10_080, usedPercent: Math.floor(draw * 70), resetsAt: at + draw * 7 * DAY + HOUR },
  ];
  const nothingElse = { isLimitReached: false, plan: null, credits: null, resetCredits: null };
  return { family: MAIN_FAMILY, windows, ...nothingElse, source: "headers", at } as const;
}

function askOf(strategy: StrategyName, boundAccountId: string | null): Ask {
  const bound = { boundAccountId, boundReason: "bound" } as const;
  const rest = { manualAccountId: null, isManualStrict: false, healthWindow: 1, draw: 0 };
  return { model: MODEL, filter: noFilter, strategy, ...bound, ...rest };
}

function accountOf(index: number): PoolAccount {
  const id = `account-${String(index).padStart(6, "0")}`;
  const known = { upstream: "chatgpt", sort: index, isEnabled: true, plan: PLANS[index % PLANS.length] ?? null };
  const facts = afterReading(freshFacts, readingOf(drawFor(index, 1), weekStartsAt));
  return { id, label: id, ...known, chatgptAccountId: null, ...plainLogin, facts };
}
