// Stage 4: decides in which order accounts are asked, and prepares the body they are sent. No I/O but the look-up of a
// binding that is not in memory.

import { hash } from "node:crypto";
import type { Failure } from "../contract/failure.ts";
import { type Ask, Candidates } from "../pool/candidates.ts";
import type { PoolTerms } from "../pool/standing.ts";
import { readOpening } from "../wire/responses/request.ts";
import { stripReasoning } from "../wire/responses/strip.ts";
import type { Admitted } from "./admit.ts";
import type { Bindings, Bound, LeftBehind } from "./bindings.ts";
import { isFailure } from "./failures.ts";
import { type Prepared, type PrepareParts, prepareBody } from "./prepare-body.ts";
import type { Roster } from "./roster.ts";

export interface Planned extends Admitted, Prepared {
  /** Hash of the conversation key; null when nothing tells conversations apart. */
  readonly conversation: string | null;
  readonly leftBehind: LeftBehind | null;
  readonly ask: Ask;
  readonly candidates: Candidates;
}

export interface PlanParts extends PrepareParts {
  readonly roster: Roster;
  readonly bindings: Bindings;
  /** What the settings lay down for every request. */
  readonly choice: Pick<Ask, "strategy" | "manualAccountId" | "isManualStrict" | "healthWindow">;
  readonly terms: PoolTerms;
  /** From 0 up to 1. */
  random(): number;
}

export async function plan(admitted: Admitted, parts: PlanParts): Promise<Planned | Failure> {
  const prepared = prepareBody(admitted, parts);
  if (isFailure(prepared)) return prepared;
  const conversation = conversationHash(admitted);
  admitted.call.record.conversation = conversation;
  const { bound, reason } = await findBound(admitted, conversation, parts.bindings);
  const boundAccountId = bound?.accountId ?? ownerOf(prepared, parts.roster);
  if (prepared.translation !== null && prepared.translation.sealOwner !== boundAccountId) {
    admitted.body.text = stripReasoning(admitted.body.text).body;
  }
  const ask: Ask = {
    ...parts.choice,
    model: admitted.model,
    filter: admitted.key.filter,
    boundAccountId,
    boundReason: reason,
    draw: parts.random(),
  };
  parts.roster.pool.terms = parts.terms;
  const candidates = new Candidates(parts.roster.pool, ask);
  return { ...admitted, conversation, leftBehind: bound?.leftBehind ?? null, ask, candidates, ...prepared };
}

/** Where sealed reasoning tells whose it is, a conversation that was forgotten here goes back to its account. */
function ownerOf({ translation }: Prepared, roster: Roster): string | null {
  const owner = translation?.sealOwner ?? null;
  return owner === null || roster.find(owner) === undefined ? null : owner;
}

/** Conversations of different platform keys never meet. */
function conversationHash(admitted: Admitted): string | null {
  const { key, conversationName, body, model } = admitted;
  if (conversationName !== null) return nameHash(key.id, conversationName);
  const opening = readOpening(body.text);
  return opening === null ? null : nameHash(key.id, `${model}\n${opening}`);
}

/** How a conversation is known to the bindings and the request log. */
export function nameHash(keyId: string, name: string): string {
  return hash("sha256", `${keyId}\n${name}`, "base64url").slice(0, 32);
}

/** A conversation without a binding of its own goes where the one it was started from is. */
async function findBound(
  admitted: Admitted,
  conversation: string | null,
  bindings: Bindings,
): Promise<{ readonly bound: Bound | null; readonly reason: "bound" | "parent" }> {
  const find = async (name: string) => bindings.recall(name) ?? (await bindings.find(name));
  const own = conversation === null ? null : await find(conversation);
  if (own !== null || conversation === null || admitted.parentName === null) return { bound: own, reason: "bound" };
  const bound = await find(nameHash(admitted.key.id, admitted.parentName));
  // What the parent left behind is no part of this conversation.
  return { bound: bound === null ? null : { ...bound, leftBehind: null }, reason: "parent" };
}
