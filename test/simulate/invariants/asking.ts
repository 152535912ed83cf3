// What must hold at the moment the gateway asks an upstream.

import { seemsUsedUp } from "../../../src/pool/eligibility.ts";
import { type Attempt, isRefused, refusedMs, timeouts, triesOf, type Turn } from "../record.ts";
import type { Scene } from "../scene.ts";

type Rule = (scene: Scene, attempt: Attempt, turn: Turn) => string | null;

const noRequestForAClientThatHasLeft: Rule = (scene, _attempt, { id, leftAt }) =>
  leftAt === null || leftAt === scene.now ? null : `turn ${id} is sent upstream, although its client has left`;

const noRequestOnADisabledOrDeletedAccount: Rule = (scene, { account }) => {
  const known = scene.find(account);
  if (known === undefined) return `${account || "nobody"} is not in the pool`;
  return known.isEnabled ? null : `${account} is disabled`;
};

const noRequestOnABlockedAccountWhileAnotherIsFree: Rule = (scene, { account }, turn) => {
  const known = scene.find(account);
  const skip = known && scene.whyNot(known, turn.wish.model);
  if (skip === undefined || skip === null) return null;
  const free = freeFor(scene, turn);
  return free === null ? null : `${account} is blocked (${skip.reason}), while ${free} is free`;
};

const noTokenAfterItsRotation: Rule = (scene, { account, token }) => {
  if (scene.world.reusedRefreshToken !== null) return `the issuer was shown ${scene.world.reusedRefreshToken} twice`;
  const current = scene.store.credentialsOf(account)?.tokens.accessToken;
  return current === undefined || current === token ? null : `${token} was sent, although ${current} has replaced it`;
};

const noAttemptOverItsBudget: Rule = (scene, { account }, turn) => {
  const now = scene.limits;
  const perAccount = Math.max(turn.limits.perAccount, now.perAccount);
  const budgetMs = Math.max(turn.limits.budgetMs, now.budgetMs);
  const tries = triesInThisRound(turn, account);
  if (tries > perAccount) return `try ${tries} with ${account}, of ${perAccount}`;
  if (timeouts(turn) >= 2) return "two tries have already waited for a first byte in vain";
  const spentMs = refusedMs(turn);
  const isOver = spentMs >= budgetMs && turn.attempts.length > 1 && !scene.hasJumpedSince(turn.arrivedAt);
  return isOver ? `refused tries have taken ${spentMs} ms, of ${budgetMs}` : null;
};

const noAccountOverItsLimitWhileAnotherIsFree: Rule = (scene, { account }, turn) => {
  const known = scene.find(account);
  const most = known?.maxInflight ?? scene.limits.maxInflight;
  if (
    most === 0 ||
    scene.openOn(account) <= most ||
    turn.boundTo === account ||
    scene.settings.current.routing.manualAccountId === account
  )
    return null;
  const free = freeFor(scene, turn);
  return free === null
    ? null
    : `${account} serves ${scene.openOn(account)} requests, of ${most}, while ${free} is free`;
};

const aConversationMovesOnlyForAListedReason: Rule = (scene, attempt, turn) => {
  const { boundTo, wish, arrivedAt, manual } = turn;
  if (boundTo === null || boundTo === attempt.account) return null;
  if (manual !== null || scene.settings.current.routing.manualAccountId !== null) return null;
  if (!scene.wasAbleSince(boundTo, wish.model, arrivedAt)) return null;
  if (triesOf(turn, boundTo).some(isRefused)) return null;
  if (hasNoToken(scene, boundTo, arrivedAt)) return null;
  return `conversation ${wish.conversation} leaves ${boundTo} for ${attempt.account}, although ${boundTo} could serve`;
};

const aDeadHostIsLeftAlone: Rule = (scene, attempt) => {
  const { host: circuit, openAttempts, now } = scene;
  if (circuit.openedAt === null || scene.hasJumpedSince(circuit.openedAt)) return null;
  // An answer that says nothing for long is taken nevertheless, which cannot be seen from outside.
  if ([...openAttempts].some(({ hasContent, firstBytesAt }) => !hasContent && firstBytesAt !== null)) return null;
  const sinceMs = now - circuit.openedAt;
  if (sinceMs < 1_999) return `the host stopped answering ${sinceMs} ms ago and is asked again`;
  const probes = [...openAttempts].filter(
    (other) => other !== attempt && other.at >= (circuit.openedAt ?? 0) && !other.hasHead,
  );
  return probes.some(({ turn }) => turn !== null) ? "the host does not answer and is probed by several at once" : null;
};

const aToldQuotaRefusalIsBelieved: Rule = (scene, { account }, turn) => {
  const told = scene.told.get(account);
  if (told === undefined || told.heardAt >= scene.now || told.until <= scene.gatewayNow) return null;
  const free = freeFor(scene, turn);
  return free === null ? null : `${account} has said that it is used up, and ${free} is free`;
};

export const whenAsking: readonly Rule[] = [
  noRequestForAClientThatHasLeft,
  noRequestOnADisabledOrDeletedAccount,
  noRequestOnABlockedAccountWhileAnotherIsFree,
  noTokenAfterItsRotation,
  noAttemptOverItsBudget,
  noAccountOverItsLimitWhileAnotherIsFree,
  aConversationMovesOnlyForAListedReason,
  aDeadHostIsLeftAlone,
  aToldQuotaRefusalIsBelieved,
];

/** Tries with the account since the request has last waited for one to have rested, upon which it may start over. */
function triesInThisRound({ attempts }: Turn, account: string): number {
  const began = attempts.findLastIndex((attempt, place) => {
    const before = attempts[place - 1];
    const kind = before?.meaning?.kind;
    const isRest = kind === "account" || kind === "token";
    return isRest && attempt.at - (before?.endedAt ?? attempt.at) >= 1000;
  });
  return attempts.slice(Math.max(0, began)).filter((attempt) => attempt.account === account).length;
}

/** An account the pool would ask now and that this request has not asked yet. */
function freeFor(scene: Scene, turn: Turn): string | null {
  const free = scene.pool.find(
    (account) =>
      scene.whyNot(account, turn.wish.model) === null &&
      triesOf(turn, account.id).length === 0 &&
      !seemsUsedUp(account, scene.gatewayNow) &&
      !scene.isFull(account),
  );
  return free?.id ?? null;
}

/** The issuer gave no token for the account when it was asked, and is then left alone for ten seconds. */
function hasNoToken(scene: Scene, account: string, since: number): boolean {
  const failedAt = scene.world.issuerFailedAt.get(account);
  return failedAt !== undefined && (failedAt >= since - 10_001 || scene.jumpedAt > failedAt - 60_000);
}
