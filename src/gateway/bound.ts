// What happens to a conversation when it has to leave its account: what can be carried over, what is lost, and what
// cannot move at all.

import type { Failure } from "../contract/failure.ts";
import type { Ask, Candidate } from "../pool/candidates.ts";
import type { PoolView } from "../pool/pool.ts";
import { whyNot } from "../pool/eligibility.ts";
import { findBoundParts } from "../wire/responses/request.ts";
import { stripReasoning } from "../wire/responses/strip.ts";
import { gatewayFailure } from "./failures.ts";
import type { Planned } from "./plan.ts";

export interface Moved {
  readonly text: Buffer;
  /** What had to be left behind, for the record. */
  readonly lost: readonly string[];
  /** Mark of the last reasoning item that was taken out. */
  readonly lastReasoning: string | null;
}

/**
 * The body for an account that is not the conversation's own. Reasoning sealed by the old account is taken out, once;
 * a compaction is history and goes along untouched.
 */
export function moveBody(text: Buffer): Moved {
  const parts = findBoundParts(text);
  if (!parts.reasoning || parts.compaction) return { text, lost: [], lastReasoning: null };
  const { body, last } = stripReasoning(text);
  return { text: body, lost: last === null ? [] : ["reasoning"], lastReasoning: last };
}

/**
 * What other accounts cannot take over at all: an earlier response or a file lives with the account that made it. The
 * answer is then the one that makes the client send everything anew, or come back when its own account does. Null when
 * the request may go to this candidate.
 */
export function tiedToOwner(
  { account, reason }: Candidate,
  { ask, body }: Planned,
  { roster, now }: { roster: PoolView; now: number },
): Failure | null {
  const { boundAccountId, boundReason } = ask;
  if (boundAccountId === null || boundReason === "parent") return null;
  if (reason === "bound" || account.id === boundAccountId) return null;
  const parts = findBoundParts(body.text);
  if (parts.previousResponse) {
    const message = "The earlier response lives with an account that cannot serve now. Send the whole conversation.";
    return gatewayFailure("previous_response_not_found", message);
  }
  if (!parts.files) return null;
  const message =
    "This conversation holds files of its account, which no other account can read, and that account cannot serve now.";
  return awayUntil(message, backAt(roster, ask, now));
}

/**
 * Another account has refused the compaction of this conversation: the answer is then that of its own account, and
 * nobody is blamed. Null when that is not what happened.
 */
export function boundByCompaction(
  failure: Failure,
  { body, ask }: Planned,
  { roster, now }: { roster: PoolView; now: number },
): Failure | null {
  if (failure.code !== "invalid_encrypted_content" || ask.boundAccountId === null) return null;
  if (!findBoundParts(body.text).compaction) return null;
  const message = `This conversation is bound to its account by a compaction, which no other account can read, and that account cannot serve now.`;
  return awayUntil(message, backAt(roster, ask, now));
}

/** The answer of the conversation's own account, which is used up; no other account is worth waiting for. */
function awayUntil(message: string, until: number | undefined): Failure {
  return { ...gatewayFailure("usage_limit_reached", message, until), class: "quota" };
}

/** When the conversation's own account serves again; undefined when nobody knows. */
function backAt(roster: PoolView, { boundAccountId, model }: Ask, now: number): number | undefined {
  const own = roster.find(boundAccountId ?? "");
  return (own === undefined ? null : whyNot(own, model, now)?.until) ?? undefined;
}
