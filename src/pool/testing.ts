// Builders for tests of everything that works on accounts.

import {
  type AccountFacts,
  type Block,
  freshFacts,
  MAIN_FAMILY,
  plainLogin,
  type PoolAccount,
  type Reading,
  type Window,
} from "./account.ts";
import type { Ask } from "./candidates.ts";
import { noFilter } from "./filter.ts";
import { Pool } from "./pool.ts";
import { afterReading } from "./transitions.ts";

/** The middle of an ordinary day. */
export const now = Date.UTC(2026, 10, 20, 12);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** An account that can serve, but for what is said otherwise. */
export function account(
  id: string,
  { facts, ...more }: Partial<Omit<PoolAccount, "facts">> & { facts?: Partial<AccountFacts> } = {},
): PoolAccount {
  const plain = { label: id, upstream: "chatgpt", sort: 0, isEnabled: true, plan: null, chatgptAccountId: null };
  return { id, ...plain, ...plainLogin, ...more, facts: { ...freshFacts, ...facts } };
}

/** A block of the whole account that began a minute ago and runs for an hour. */
export function block(more: Partial<Block> = {}): Block {
  const hour = { since: now - MINUTE, until: now + HOUR, source: "told" } as const;
  return { code: "usage_limit_reached", ...hour, model: null, strikes: 1, ...more };
}

export function blocked(id: string, more: Partial<Block> = {}): PoolAccount {
  return account(id, { facts: { blocks: [block(more)] } });
}

export function reading(windows: readonly Window[], more: Partial<Reading> = {}): Reading {
  const nothingElse = { isLimitReached: false, plan: null, credits: null, resetCredits: null };
  return { family: MAIN_FAMILY, windows, ...nothingElse, source: "headers", at: now, ...more };
}

/** An account that has announced, by a reading, that its five-hour window is used up. */
export function usedUp(id: string): PoolAccount {
  const window = { minutes: 300, usedPercent: 100, resetsAt: now + HOUR };
  return account(id, { facts: afterReading(freshFacts, reading([window])) });
}

/** A pool of these; the busy ones serve one request, which is all that they may. */
export function pool(accounts: readonly PoolAccount[], busy: readonly string[] = []): Pool {
  const made = new Pool();
  for (const [place, account] of accounts.entries()) {
    const maxInflight = busy.includes(account.id) ? 1 : account.maxInflight;
    made.put({ ...account, sort: account.sort || place, maxInflight });
  }
  for (const id of busy) made.begin(id, { isProbe: false });
  return made;
}

/** Of a new conversation that asks for model `m`, ordered, without anything special. */
export function ask(more: Partial<Ask> = {}): Ask {
  const plain = { model: "m", filter: noFilter, strategy: "ordered", healthWindow: 1, draw: 0 } as const;
  const nobody = { manualAccountId: null, isManualStrict: false, boundAccountId: null, boundReason: "bound" } as const;
  return { ...plain, ...nobody, ...more };
}
