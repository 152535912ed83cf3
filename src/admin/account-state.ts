// One word for how an account is doing, for lists and counts; the five facts behind it are the pool's.

import type { AccountView } from "../accounts/accounts.ts";
import { noPreferences } from "../pool/account.ts";
import { seemsUsedUp, whyNot } from "../pool/eligibility.ts";

export interface AccountState {
  /** `available`, `used_up` (by the newest reading), or the reason it is not asked. */
  readonly state: string;
  /** Epoch ms at which that ends by itself; null when waiting does not help or nothing is wrong. */
  readonly until: number | null;
}

export function accountState(account: AccountView, now: number): AccountState {
  const pooled = { ...noPreferences, ...account, isEnabled: account.status === "active" };
  const skip = whyNot(pooled, null, now);
  if (skip !== null) return { state: skip.reason, until: skip.until };
  if (!seemsUsedUp(pooled, now)) return { state: "available", until: null };
  const full = (account.facts.reading?.windows ?? []).filter((window) => window.usedPercent >= 100);
  return { state: "used_up", until: Math.max(...full.map((window) => window.resetsAt ?? 0)) };
}
