// Whether an account may serve a request now, and if not, why and until when.

import type { Block, PoolAccount } from "./account.ts";

/** Hard reasons; an account with one of them is never asked. */
export type SkipReason = "disabled" | "sign_in" | "no_access" | "deactivated" | Block["code"];

export interface Skip {
  readonly accountId: string;
  readonly reason: SkipReason;
  /** Epoch ms; null when waiting does not help. */
  readonly until: number | null;
}

export function whyNot(account: PoolAccount, model: string | null, now: number): Skip | null {
  const { facts } = account;
  if (!account.isEnabled) return { accountId: account.id, reason: "disabled", until: null };
  if (facts.login.state !== "ok") return { accountId: account.id, reason: facts.login.state, until: null };
  let latest: Block | null = null;
  for (const block of facts.blocks) {
    const concerns = block.until > now && (block.model === null || block.model === model);
    if (concerns && (latest === null || block.until > latest.until)) latest = block;
  }
  return latest === null ? null : { accountId: account.id, reason: latest.code, until: latest.until };
}

/**
 * Whether the newest reading says that a window is used up. Only advice: such accounts are asked last, and a reading
 * never forbids the last account.
 */
export function seemsUsedUp(account: PoolAccount, now: number): boolean {
  const windows = account.facts.reading?.windows ?? [];
  return windows.some((window) => window.usedPercent >= 100 && (window.resetsAt ?? 0) > now);
}
