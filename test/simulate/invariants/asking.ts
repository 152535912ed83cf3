// What must hold at the moment the gateway asks an upstream.

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

/** But for one request at a time that finds out whether the account serves again, when a newer poll shows room. */
const noRequestOnABlockedAccount: Rule = (scene, attempt, turn) => {
  const { account, isProbe } = attempt;
  const known = scene.find(account);
  if (known === undefined || !isProbe) return null;
  const reason = scene.whyNot(known, turn.wish.model)?.reason;
  if (!scene.mayProbe(known, turn.wish.model)) return `${account} is blocked (${reason})`;
  const others = [...scene.openAttempts].filter(
    (other) =>
      other !== attempt && other.isProbe && other.account === account && other.turn?.rows === 0 && !other.turn.isEnded,
  );
  return others.length === 0 ? null : `${account} is blocked (${reason}) and probed by several at once`;
};

const noTokenAfterItsRotation: Rule = (scene, { account, token }) => {
  if (scene.world.reusedRefreshToken !== null) return `the issuer was shown ${scene.world.reusedRefreshToken} twice`;
  const current = scene.store.credentialsOf(account)?.tokens.accessToken;
  // What the last life of the program was still renewing when it ended is noticed when the old token is refused.
  const isOwn = scene.store.renewedBy(account) === `life-${scene.life?.number}`;
  return current === token || !isOwn ? null : `${token} was sent, although ${current} has replaced it`;
};

const noAttemptOverItsBudget: Rule = (scene, { account }, turn) => {
  const now = scene.limits;
  const perAccount = Math.max(turn.limits.perAccount, now.perAccount);
  const budgetMs = Math.max(turn.limits.budgetMs, now.budgetMs);
  const tries = triesOf(turn, account).length;
  if (tries > perAccount) return `try ${tries} with ${account}, of ${perAccount}`;
  if (timeouts(turn) >= 2) return "two tries have already waited for a first byte in vain";
  const spentMs = refusedMs(turn);
  const isOver = spentMs >= budgetMs && turn.attempts.length > 1 && !scene.hasJumpedSince(turn.arrivedAt);
  return isOver ? `refused tries have taken ${spentMs} ms, of ${budgetMs}` : null;
};

const noAccountOverItsLimit: Rule = (scene, { account }) => {
  const known = scene.find(account);
  const most = known === undefined ? 0 : scene.limitOf(known);
  const open = scene.openOn(account);
  return most > 0 && open > most ? `${account} serves ${open} requests, of ${most}` : null;
};

const aStrictManualAccountServesAlone: Rule = (_scene, { account }, { manual, isStrict, id }) => {
  if (!isStrict || manual === null || manual === account) return null;
  return `turn ${id} is sent to ${account}, although only ${manual} may serve`;
};

/** Reports differ on whether another account can read it, and that account is asked once. */
const aCompactionIsTriedElsewhereOnce: Rule = (_scene, _attempt, { brings, attempts, id }) => {
  if (brings.compaction === null) return null;
  const refused = attempts.filter(({ meaning }) => meaning?.kind === "sealed");
  return refused.length === 0 ? null : `turn ${id} is tried again, although its compaction was refused`;
};

const aConversationMovesOnlyForAListedReason: Rule = (scene, attempt, turn) => {
  const { boundTo, wish, arrivedAt, manual } = turn;
  if (boundTo === null || boundTo === attempt.account) return null;
  if (manual !== null || scene.settings.current.routing.manualAccountId !== null) return null;
  if (!scene.wasAbleSince(boundTo, wish.model, arrivedAt)) return null;
  const own = scene.find(boundTo);
  if (own === undefined || scene.whyNot(own, wish.model) !== null) return null;
  if (triesOf(turn, boundTo).some(isRefused)) return null;
  if (hasNoToken(scene, boundTo, arrivedAt)) return null;
  if (!scene.wasNeverFullSince(boundTo, arrivedAt)) return null;
  return `conversation ${wish.conversation} leaves ${boundTo} for ${attempt.account}, although ${boundTo} could serve`;
};

/** An earlier response lives with the account that made it. */
const whatIsTiedToAnAccountNeverLeavesIt: Rule = (_scene, { account }, { brings, boundTo, isParents, id }) =>
  brings.previous === null || boundTo === null || isParents || boundTo === account
    ? null
    : `turn ${id} goes on from a response of ${boundTo} and is sent to ${account}`;

const aConversationWaitsForItsOwnAccount: Rule = (scene, { account, hasWaited }, turn) => {
  const { boundTo, boundBackAt, arrivedAt, limits, id } = turn;
  if (boundTo === null || boundTo === account || boundBackAt === null || turn.attempts.length > 1) return null;
  if (turn.manual !== null || turn.isParents || hasWaited || scene.hasJumpedSince(arrivedAt)) return null;
  const own = scene.find(boundTo);
  const skip = own && scene.whyNot(own, turn.wish.model);
  const leftMs = boundBackAt - scene.gatewayNow;
  const wholeMs = leftMs + scene.now - arrivedAt - turn.wish.uploadMs;
  // What was held against it may have become more in the meantime.
  if (skip?.until !== boundBackAt || leftMs <= 0 || wholeMs > Math.min(limits.boundWaitMs, scene.limits.boundWaitMs))
    return null;
  return `turn ${id} leaves ${boundTo} for ${account}, although ${boundTo} is back in ${leftMs} ms`;
};

const aDeadHostIsLeftAlone: Rule = (scene, attempt) => {
  if (attempt.hasWaited) return null;
  const { host: circuit, openAttempts, now } = scene;
  if (circuit.openedAt === null || scene.hasJumpedSince(circuit.openedAt)) return null;
  if (circuit.mayHaveOpenedAt !== null && circuit.mayHaveOpenedAt < circuit.openedAt) return null;
  // An answer that says nothing for long is taken nevertheless, which cannot be seen from outside.
  if ([...openAttempts].some(({ hasContent, firstBytesAt }) => !hasContent && firstBytesAt !== null)) return null;
  const sinceMs = now - circuit.openedAt;
  if (sinceMs < 1_999) return `the host stopped answering ${sinceMs} ms ago and is asked again`;
  const probes = [...openAttempts].filter(
    (other) => other !== attempt && other.at > (circuit.openedAt ?? 0) && !other.hasHead && !other.hasWaited,
  );
  // A probe whose client has left tells nothing, and the next one may go.
  return probes.some(({ turn }) => turn !== null && turn.leftAt === null)
    ? "the host does not answer and is probed by several at once"
    : null;
};

const LONGEST_TRY_MS = 600_000;

const aToldQuotaRefusalIsBelieved: Rule = (scene, { account, isProbe }) => {
  const told = scene.told.get(account);
  if (told === undefined || isProbe || told.heardAt >= scene.now || told.until <= scene.gatewayNow) return null;
  // A try from before the clock was set back seems to have begun after the refusal, and its success to end it.
  if (scene.hasJumpedSince(told.heardAt - LONGEST_TRY_MS)) return null;
  return `${account} has said that it is used up until ${new Date(told.until).toISOString()}`;
};

export const whenAsking: readonly Rule[] = [
  noRequestForAClientThatHasLeft,
  noRequestOnADisabledOrDeletedAccount,
  noRequestOnABlockedAccount,
  noTokenAfterItsRotation,
  noAttemptOverItsBudget,
  noAccountOverItsLimit,
  aStrictManualAccountServesAlone,
  aCompactionIsTriedElsewhereOnce,
  aConversationMovesOnlyForAListedReason,
  whatIsTiedToAnAccountNeverLeavesIt,
  aConversationWaitsForItsOwnAccount,
  aDeadHostIsLeftAlone,
  aToldQuotaRefusalIsBelieved,
];

/** The issuer gave no token for the account when it was asked, and is then left alone for ten seconds. */
function hasNoToken(scene: Scene, account: string, since: number): boolean {
  const failedAt = scene.world.issuerFailedAt.get(account);
  return failedAt !== undefined && (failedAt >= since - 10_001 || scene.jumpedAt > failedAt - 60_000);
}
