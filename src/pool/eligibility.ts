// Whether an account may serve a request now, and if not, why and until when.

import type { SkipCode } from "../contract/reasons.ts";
import type { AccountFacts, Block, PoolAccount } from "./account.ts";

export interface Skip {
  readonly accountId: string;
  /** A hard reason: the account is not asked. */
  readonly reason: SkipCode;
  /** Epoch ms; null when waiting does not help, or nobody knows how long. */
  readonly until: number | null;
}

/** Refusals that a newer poll may call into question. */
const QUOTA_CODES: ReadonlySet<string> = new Set(["usage_limit_reached", "insufficient_quota", "usage_not_included"]);

/** A poll that shows less room than this says nothing against a refusal: polls run behind. */
const CLEAR_ROOM_PERCENT = 95;

/** What is held against the account for this model, the longest-lasting block first of all. */
export function whyNot(account: PoolAccount, model: string | null, now: number): Skip | null {
  const { facts } = account;
  if (!account.isEnabled) return { accountId: account.id, reason: "disabled", until: null };
  if (facts.login.state !== "ok") return { accountId: account.id, reason: facts.login.state, until: null };
  const latest = latestBlock(facts, model, now);
  return latest === null ? null : { accountId: account.id, reason: latest.code, until: latest.until };
}

/** Whether nothing is held against the account; the same as `whyNot(…) === null`, for those who need no reason. */
export function isFree(account: PoolAccount, model: string | null, now: number): boolean {
  return account.isEnabled && account.facts.login.state === "ok" && latestBlock(account.facts, model, now) === null;
}

/**
 * Whether one request may find out if a blocked account serves again: all that is held against it are quota refusals,
 * and a poll taken after them shows clear room.
 */
export function mayProbe({ isEnabled, facts }: PoolAccount, model: string | null, now: number): boolean {
  const { reading, blocks, login } = facts;
  if (!isEnabled || login.state !== "ok" || reading === null || reading.source !== "poll") return false;
  if (reading.isLimitReached || reading.windows.length === 0) return false;
  if (reading.windows.some(({ usedPercent }) => usedPercent >= CLEAR_ROOM_PERCENT)) return false;
  return blocks.every(
    (block) => !concerns(block, model, now) || (QUOTA_CODES.has(block.code) && block.since < reading.at),
  );
}

/** A refusal because a quota is used up. */
export function isQuotaBlock({ code }: Block): boolean {
  return QUOTA_CODES.has(code);
}

function latestBlock({ blocks }: AccountFacts, model: string | null, now: number): Block | null {
  let latest: Block | null = null;
  for (const block of blocks) {
    if (concerns(block, model, now) && (latest === null || block.until > latest.until)) latest = block;
  }
  return latest;
}

function concerns(block: Block, model: string | null, now: number): boolean {
  return block.until > now && (block.model === null || block.model === model);
}

/** The first moment after `now` at which an account's standing may change by itself; infinite when it stays as it is. */
export function nextChangeAt({ blocks, avoid, reading }: AccountFacts, now: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { until } of blocks) if (until > now && until < next) next = until;
  if (avoid !== null && avoid.until > now && avoid.until < next) next = avoid.until;
  for (const { resetsAt } of reading?.windows ?? []) {
    if (resetsAt !== null && resetsAt > now && resetsAt < next) next = resetsAt;
  }
  return next;
}
