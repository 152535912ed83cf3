// Two rules that nobody publishes and everybody knows: round-robin without affinity, and fill-first. Both believe what the
// upstream says about the wait, and go through all accounts.

import type { Member } from "../rule.ts";
import { MINUTE } from "../time.ts";
import { isOpen, type Known, type Occasion, type Policy, rest, Rival } from "./rival.ts";

const UNTOLD = MINUTE;

function refused({ account, kind, toldMs, now }: Occasion): "next" {
  if (kind === "credential") account.needsSignIn = true;
  else if (kind !== "server") rest(account, toldMs ?? UNTOLD, now);
  return "next";
}

export function plainRoundRobin(members: readonly Member[]): Rival {
  let turn = 0;
  const policy: Policy = {
    pollEveryMs: null,
    choose(accounts, going, now) {
      for (let step = 0; step < accounts.length; step += 1) {
        const account = accounts[(turn + step) % accounts.length] as Known;
        if (!isOpen(account, going, now)) continue;
        turn = account.index + 1;
        return account;
      }
      return null;
    },
    refused,
  };
  return new Rival(members, policy);
}

export function plainFillFirst(members: readonly Member[]): Rival {
  const policy: Policy = {
    pollEveryMs: null,
    choose: (accounts, going, now) => accounts.find((account) => isOpen(account, going, now)) ?? null,
    refused,
  };
  return new Rival(members, policy);
}
