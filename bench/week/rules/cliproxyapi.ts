// router-for-me/CLIProxyAPI at a7e3596b7: round-robin (its default), fill-first, smooth weighted round-robin, and optional
// session affinity. Knows no usage; rests follow the refusals.

import { fiveHourCredits, type Plan } from "../quota.ts";
import type { Member } from "../rule.ts";
import { HOUR, MINUTE, SECOND } from "../time.ts";
import { Affinity, type Going, isOpen, type Known, type Occasion, type Policy, rest, Rival } from "./rival.ts";

const AFFINITY_TTL = HOUR;
const LONGEST_WAIT = 30 * SECOND;
const ROUNDS = 3;

type Pick = (open: readonly Known[]) => Known | null;

export function roundRobin(members: readonly Member[], hasAffinity = false): Rival {
  let turn = 0;
  return rivalWith(members, hasAffinity, (open) => {
    const account = open.find(({ index }) => index >= turn) ?? open[0] ?? null;
    if (account !== null) turn = account.index + 1;
    return account;
  });
}

export function fillFirst(members: readonly Member[]): Rival {
  return rivalWith(members, false, (open) => open[0] ?? null);
}

/** Weights are the owner's to set; here each account has that of its plan. */
export function weighted(members: readonly Member[]): Rival {
  const credit = new Map<number, number>();
  return rivalWith(members, false, (open) => {
    const total = open.reduce((sum, { plan }) => sum + weightOf(plan), 0);
    let best: Known | null = null;
    for (const account of open) {
      const raised = (credit.get(account.index) ?? 0) + weightOf(account.plan);
      credit.set(account.index, raised);
      if (best === null || raised > (credit.get(best.index) ?? 0)) best = account;
    }
    if (best !== null) credit.set(best.index, (credit.get(best.index) ?? 0) - total);
    return best;
  });
}

function weightOf(plan: Plan): number {
  return Math.max(34, fiveHourCredits(plan));
}

function rivalWith(members: readonly Member[], hasAffinity: boolean, pick: Pick): Rival {
  const affinity = new Affinity(AFFINITY_TTL);
  const policy: Policy = {
    pollEveryMs: null,
    choose(accounts, going, now) {
      const own = hasAffinity ? affinity.find(going.request.conversation, now) : null;
      const open = accounts.filter((account) => isOpen(account, going, now));
      return open.find(({ index }) => index === own) ?? pick(open);
    },
    patience: waitFor,
    refused,
    served: ({ index }, { conversation }, now) => affinity.keep(conversation, index, now),
    ended(account) {
      account.strikes = 0;
    },
  };
  return new Rival(members, policy);
}

/** A few more rounds when somebody is back within half a minute. */
function waitFor(accounts: readonly Known[], { waitedMs, attempts }: Going, now: number): number | null {
  const back = Math.min(...accounts.filter(({ needsSignIn }) => !needsSignIn).map(({ restsUntil }) => restsUntil));
  const ms = Math.max(1, back - now);
  return ms > LONGEST_WAIT || waitedMs > ROUNDS * LONGEST_WAIT || attempts > ROUNDS * accounts.length ? null : ms;
}

function refused({ account, kind, toldMs, now }: Occasion): "next" {
  switch (kind) {
    case "usage_limit":
      rest(account, toldMs ?? MINUTE, now);
      break;
    case "rate_limit":
      // Counted once for as long as the rest lasts.
      if (account.restsUntil <= now) account.strikes += 1;
      rest(account, Math.min(30 * MINUTE, SECOND * 2 ** (account.strikes - 1)), now);
      break;
    case "credential":
      rest(account, 30 * MINUTE, now);
      break;
    case "server":
      rest(account, MINUTE, now);
  }
  return "next";
}
