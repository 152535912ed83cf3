// Stage 4: decides in which order accounts are asked, and prepares the body they are sent. No I/O but the look-up of a
// binding that is not in memory.

import { hash } from "node:crypto";
import type { Failure } from "../contract/failure.ts";
import { editMembers } from "../kit/json-edit.ts";
import { findMember, scanMembers, valueOf } from "../kit/json-scan.ts";
import { type Ask, Candidates } from "../pool/candidates.ts";
import type { PoolTerms } from "../pool/standing.ts";
import { repairForBackend } from "../wire/responses/repair.ts";
import type { Admitted } from "./admit.ts";
import type { Bindings, Bound, LeftBehind } from "./bindings.ts";
import { gatewayFailure } from "./failures.ts";
import type { Roster } from "./roster.ts";

export interface Planned extends Admitted {
  /** Hash of the conversation key; null when nothing tells conversations apart. */
  readonly conversation: string | null;
  readonly leftBehind: LeftBehind | null;
  readonly ask: Ask;
  readonly candidates: Candidates;
  /** Whether the body differs from what the client sent, which then cannot be forwarded in its compressed form. */
  readonly isEdited: boolean;
}

export interface PlanParts {
  readonly roster: Roster;
  readonly bindings: Bindings;
  /** What the settings lay down for every request. */
  readonly choice: Pick<Ask, "strategy" | "manualAccountId" | "isManualStrict" | "healthWindow">;
  readonly terms: PoolTerms;
  /** The ChatGPT backend takes less than the public API. */
  readonly isCodexBackend: boolean;
  /** Fields outside the original's list are taken out of requests of clients other than Codex. */
  readonly isStrict: boolean;
  /** From 0 up to 1. */
  random(): number;
}

export async function plan(admitted: Admitted, parts: PlanParts): Promise<Planned | Failure> {
  const isEdited = prepareBody(admitted, parts);
  if (typeof isEdited === "object") return isEdited;
  const conversation = conversationHash(admitted);
  admitted.call.record.conversation = conversation;
  const { bound, reason } = await findBound(admitted, conversation, parts.bindings);
  const ask: Ask = {
    ...parts.choice,
    model: admitted.model,
    filter: admitted.key.filter,
    boundAccountId: bound?.accountId ?? null,
    boundReason: reason,
    draw: parts.random(),
  };
  parts.roster.pool.terms = parts.terms;
  const candidates = new Candidates(parts.roster.pool, ask);
  return { ...admitted, conversation, leftBehind: bound?.leftBehind ?? null, ask, candidates, isEdited };
}

/**
 * Puts the body to be sent into the slot; answers whether it is another one than the client's bytes. The ChatGPT backend
 * is known to take zstd, as Codex sends it; any other compression is taken off. Where the key lays something down, the
 * body is read in full: a field that is repeated further down must not get around it.
 */
function prepareBody(
  { call, body, isNative, route, key, fields }: Admitted,
  { isCodexBackend, isStrict }: PlanParts,
): boolean | Failure {
  const before = body.text;
  if (!isNative && isCodexBackend && route.operation === "respond") {
    const repaired = repairForBackend(body.text, { isStrict });
    if (!repaired.ok) return gatewayFailure(repaired.fault.code, repaired.fault.message);
    body.text = repaired.body;
  }
  const said = key.model === null && key.reasoningEffort === null ? fields : route.protocol.readFields(body.text);
  if (key.model !== null && key.model !== said.model) {
    body.text = editMembers(body.text, { model: JSON.stringify(key.model) });
  }
  if (key.reasoningEffort !== null && key.reasoningEffort !== said.reasoningEffort) {
    body.text = withEffort(body.text, key.reasoningEffort);
  }
  const isForwardable = body.sent === before || (isCodexBackend && call.request.headers["content-encoding"] === "zstd");
  return body.text !== before || !isForwardable;
}

function withEffort(text: Buffer, effort: string): Buffer {
  const members = scanMembers(text);
  if (members === null) return text;
  const reasoning = valueOf(text, findMember(members, "reasoning"));
  return editMembers(text, { reasoning: JSON.stringify({ ...(reasoning as object | undefined), effort }) }, members);
}

/** Conversations of different platform keys never meet. */
function conversationHash(admitted: Admitted): string | null {
  const { key, conversationName, route, body, model } = admitted;
  if (conversationName !== null) return nameHash(key.id, conversationName);
  const opening = route.protocol.readOpening(body.text);
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
