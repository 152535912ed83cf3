// What must hold when the gateway writes down how a request ended.

import type { RequestRow } from "../../../src/contract/request-row.ts";
import { isRefused, pausedMs, refusedMs, timeouts, triesOf, type Turn } from "../record.ts";
import type { Scene } from "../scene.ts";

type Rule = (scene: Scene, turn: Turn, row: RequestRow) => string | null;

const ofTheRequest: ReadonlySet<string> = new Set(["context_length_exceeded", "previous_response_not_found"]);
const ofTheHost: ReadonlySet<string> = new Set([
  "upstream_unreachable",
  "upstream_error",
  "upstream_challenge",
  "upstream_timeout",
]);
const worthRepeating: ReadonlySet<string> = new Set([
  "server_is_overloaded",
  "upstream_error",
  "upstream_unreachable",
  "upstream_stream_truncated",
]);
const ofTheProgram: ReadonlySet<string> = new Set(["client_closed", "shutting_down"]);

const aRequestIsSettledOnce: Rule = (_scene, { id, rows }) =>
  rows > 1 ? `turn ${id} was settled ${rows} times` : null;

const aRequestIsCalledFaultyOnlyWhenItIs: Rule = (_scene, turn, { errorCode }) => {
  if (errorCode === null || !hasFailed(turn) || ofTheProgram.has(errorCode)) return null;
  const isFaulty = turn.wish.isTooLong || turn.brings.previous !== null;
  if (ofTheRequest.has(errorCode) && !isFaulty) return `turn ${turn.id} was told ${errorCode}`;
  return errorCode === "invalid_request" ? `turn ${turn.id} was told that it is no valid request` : null;
};

const theRequestsOwnFaultIsTold: Rule = (_scene, turn, { errorCode }) => {
  const last = turn.attempts.at(-1);
  if (last?.meaning?.kind !== "request" || last.isAborted || turn.leftAt !== null) return null;
  return ofTheRequest.has(errorCode ?? "") || ofTheProgram.has(errorCode ?? "")
    ? null
    : `turn ${turn.id} is faulty by itself and was told ${errorCode}`;
};

const noHealthyAccountIsLeftUntried: Rule = (scene, turn, { errorCode }) => {
  if (!mayBeJudged(scene, turn, errorCode) || turn.brings.compaction !== null) return null;
  if (turn.isStrict && turn.manual !== null) return null;
  const isHostTroubled = scene.world.hostTroubledAt >= turn.arrivedAt - 40_000 || scene.host.mostFailures >= 5;
  if (ofTheHost.has(errorCode ?? "") && isHostTroubled) return null;
  const untried = scene.pool.find((account) => {
    const truth = scene.world.accounts.get(account.id);
    return (
      truth !== undefined &&
      triesOf(turn, account.id).length === 0 &&
      scene.wasAbleSince(account.id, turn.wish.model, turn.arrivedAt) &&
      scene.wasNeverFullSince(account.id, turn.arrivedAt) &&
      !scene.isFull(account) &&
      !scene.world.issuerFailedAt.has(account.id) &&
      scene.world.couldServe(truth, turn.wish.model, scene.now)
    );
  });
  return untried === undefined ? null : `turn ${turn.id} failed (${errorCode}) without having tried ${untried.id}`;
};

const troubleThatRepeatingHelpsIsRepeated: Rule = (scene, turn, { errorCode }) => {
  if (!mayBeJudged(scene, turn, errorCode) || !worthRepeating.has(errorCode ?? "") || scene.host.mostFailures >= 5)
    return null;
  const perAccount = Math.min(turn.limits.perAccount, scene.limits.perAccount);
  const given = scene.pool.find((account) => {
    const tries = triesOf(turn, account.id);
    const last = tries.at(-1);
    return (
      last?.meaning?.kind === "trouble" &&
      isRefused(last) &&
      !last.isAborted &&
      tries.length < perAccount &&
      // Its token may have run out since, and nobody gave another.
      !scene.world.issuerFailedAt.has(account.id) &&
      scene.wasAbleSince(account.id, turn.wish.model, turn.arrivedAt)
    );
  });
  const tries = given && triesOf(turn, given.id).length;
  return given === undefined
    ? null
    : `turn ${turn.id} failed (${errorCode}) after ${tries} tries with ${given.id}, of ${perAccount}`;
};

const aShortCoolDownIsWaitedOut: Rule = (scene, turn, { errorCode, attempts }) => {
  if (!mayBeJudged(scene, turn, errorCode) || scene.hasJumpedSince(turn.arrivedAt) || turn.isStrict) return null;
  if (errorCode !== "rate_limit_exceeded" && errorCode !== "usage_limit_reached") return null;
  // Where somebody is only busy, the request has waited for a place, which is a wait of its own.
  if (scene.pool.some((account) => !scene.wasNeverFullSince(account.id, turn.arrivedAt))) return null;
  const perAccount = Math.min(turn.limits.perAccount, scene.limits.perAccount);
  const ends = scene.pool.flatMap((account) => {
    if (triesOf(turn, account.id).length >= perAccount) return [];
    return scene.whyNot(account, turn.wish.model)?.until ?? [];
  });
  const waitMs = Math.min(...ends) - scene.gatewayNow;
  const soFarMs = scene.now - turn.arrivedAt;
  const patienceMs = Math.min(turn.limits.patienceMs, scene.limits.patienceMs);
  if (waitMs + soFarMs > patienceMs || attempts.length === 0 || turn.brings.compaction !== null) return null;
  return `turn ${turn.id} was refused after ${soFarMs} ms, although an account was free again in ${waitMs} ms`;
};

const aStaleTokenIsRenewed: Rule = (scene, turn, { errorCode }) => {
  if (!mayBeJudged(scene, turn, errorCode)) return null;
  const perAccount = Math.min(turn.limits.perAccount, scene.limits.perAccount);
  const stale = scene.pool.find((account) => {
    const truth = scene.world.accounts.get(account.id);
    const tries = triesOf(turn, account.id);
    const last = tries.at(-1);
    const isStale =
      last?.meaning?.kind === "token" && tries.filter(({ meaning }) => meaning?.kind === "token").length === 1;
    // While its token was renewed, somebody may have disabled it, or another request learnt that it has to rest.
    if (!scene.wasAbleSince(account.id, turn.wish.model, last?.endedAt ?? scene.now)) return false;
    const isRenewable =
      truth !== undefined && scene.world.wouldRenew(truth, scene.now) && !scene.world.issuerFailedAt.has(account.id);
    return isStale && isRenewable && tries.length < perAccount && !scene.hasJumpedSince(turn.arrivedAt);
  });
  return stale === undefined
    ? null
    : `turn ${turn.id} failed on the token of ${stale.id}, which could have been renewed`;
};

const sealedReasoningIsLeftBehind: Rule = (scene, turn, { errorCode }) => {
  if (!mayBeJudged(scene, turn, errorCode) || errorCode !== "invalid_encrypted_content") return null;
  if (turn.brings.compaction !== null) return null;
  const last = turn.attempts.at(-1);
  const perAccount = Math.min(turn.limits.perAccount, scene.limits.perAccount);
  if (last !== undefined && triesOf(turn, last.account).length >= perAccount) return null;
  return `turn ${turn.id} failed on reasoning of another account`;
};

/** Until it has said something, or kept silent for the time the gateway holds it back, an answer can still be replaced. */
const noAnswerIsTakenBeforeItSaysAnything: Rule = (scene, turn, { commitMs }) => {
  const last = turn.attempts.at(-1);
  if (!scene.settings.current.gateway.holdsFirstEvents) return null;
  if (commitMs === null || last === undefined || last.hasContent || last.meaning?.kind === "request") return null;
  const heldMs = last.firstBytesAt === null ? 0 : scene.now - last.firstBytesAt;
  return heldMs >= HOLD_MS ? null : `turn ${turn.id} was given an answer of ${last.account} that had said nothing yet`;
};

const theRowTellsOfAnAnswerThatBrokeOff: Rule = (_scene, turn, { errorCode, statusCode }) => {
  if (errorCode !== null || statusCode !== 200) return null;
  return turn.attempts.at(-1)?.isCompleted
    ? null
    : `turn ${turn.id} is written down as served, although its answer broke off`;
};

const aServedConversationIsBound: Rule = (scene, { id, conversation }, { commitMs }) =>
  commitMs === null || scene.store.boundTo(conversation) !== null
    ? null
    : `turn ${id} was served, and nobody knows where`;

const theRowSaysWhatTheClientWasAnswered: Rule = (_scene, { id, response }, { statusCode }) => {
  if (statusCode === CLIENT_CLOSED || (response.headersSent && response.statusCode === statusCode)) return null;
  const answered = response.headersSent ? response.statusCode : "nothing";
  return `turn ${id} was answered ${answered}; its row says ${statusCode}`;
};

const theRowNamesWhoServed: Rule = (_scene, turn, { accountId, errorCode }) => {
  const served = turn.attempts.findLast(({ hasContent }) => hasContent);
  if (served === undefined || errorCode === "client_closed") return null;
  return accountId === served.account
    ? null
    : `turn ${turn.id} was served by ${served.account}; its row says ${accountId}`;
};

export const whenSettling: readonly Rule[] = [
  aRequestIsSettledOnce,
  aRequestIsCalledFaultyOnlyWhenItIs,
  theRequestsOwnFaultIsTold,
  noHealthyAccountIsLeftUntried,
  troubleThatRepeatingHelpsIsRepeated,
  aShortCoolDownIsWaitedOut,
  aStaleTokenIsRenewed,
  sealedReasoningIsLeftBehind,
  noAnswerIsTakenBeforeItSaysAnything,
  theRowTellsOfAnAnswerThatBrokeOff,
  aServedConversationIsBound,
  theRowSaysWhatTheClientWasAnswered,
  theRowNamesWhoServed,
];

/** The request failed before the gateway had taken any answer for good. */
function hasFailed({ row }: Turn): boolean {
  return row?.commitMs === null;
}

/** It failed, by no fault of its own, with its budget not spent and its client still there. */
function mayBeJudged(scene: Scene, turn: Turn, errorCode: string | null): boolean {
  if (errorCode === null || !hasFailed(turn) || ofTheProgram.has(errorCode) || ofTheRequest.has(errorCode))
    return false;
  const { totalTimeoutMs } = scene.settings.current.gateway;
  const isOverdue = totalTimeoutMs > 0 && scene.now - turn.arrivedAt >= totalTimeoutMs;
  const budgetMs = Math.min(turn.limits.budgetMs, scene.limits.budgetMs);
  const isSpent = refusedMs(turn) + pausedMs(turn) + UNSEEN_MS >= budgetMs || timeouts(turn) >= 2;
  return turn.leftAt === null && !isOverdue && !isSpent && !scene.hasJumpedSince(turn.arrivedAt);
}

const CLIENT_CLOSED = 499;
const HOLD_MS = 10_000;
/** Waits for tokens and a last pause count as refused time too, and are not seen from outside. */
const UNSEEN_MS = 4_000;
