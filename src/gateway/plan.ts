// Stage 4: decides in which order accounts are asked, and prepares the body they are sent. No I/O but the look-up of a
// binding that is not in memory, and of answers that the request refers to.

import { hash } from "node:crypto";
import type { Failure } from "../contract/failure.ts";
import { type Ask, Candidates } from "../pool/candidates.ts";
import type { Filter } from "../pool/filter.ts";
import type { PoolTerms } from "../pool/standing.ts";
import { readOpening } from "../wire/responses/request.ts";
import { stripReasoning } from "../wire/responses/strip.ts";
import type { Admitted } from "./admit.ts";
import type { Bindings, Bound, LeftBehind } from "./bindings.ts";
import { gatewayFailure, isFailure } from "./failures.ts";
import type { KeptResponses } from "./kept/kept-responses.ts";
import { nothingRecalled, recall, type Recalled } from "./kept/recall.ts";
import { type Prepared, type PrepareParts, prepareBody } from "./prepare-body.ts";
import type { ProviderSource } from "./ports.ts";
import { mayServe, type MayServe } from "./providers/may-serve.ts";
import type { Serving } from "./providers/serving.ts";
import type { Roster } from "./roster.ts";

export interface Planned extends Admitted, Prepared, Recalled, Pick<MayServe, "sparesPaid" | "isFallbackPaid"> {
  /** Hash of the conversation key; null when nothing tells conversations apart. */
  readonly conversation: string | null;
  readonly leftBehind: LeftBehind | null;
  readonly ask: Ask;
  readonly candidates: Candidates;
}

export interface PlanParts extends PrepareParts {
  readonly roster: Roster;
  readonly bindings: Bindings;
  readonly kept: KeptResponses;
  /** What the settings lay down for every request. */
  readonly choice: Pick<Ask, "strategy" | "manualAccountId" | "isManualStrict" | "healthWindow">;
  readonly terms: PoolTerms;
  readonly serving: Serving;
  readonly providers: ProviderSource;
  readonly usesPaidFallback: boolean;
  /** From 0 up to 1. */
  random(): number;
}

export async function plan(admitted: Admitted, parts: PlanParts): Promise<Planned | Failure> {
  // Any other upstream keeps its answers itself.
  const recalled = parts.isCodexBackend ? await recall(admitted, parts.kept) : nothingRecalled;
  if (isFailure(recalled)) return recalled;
  const prepared = prepareBody(admitted, parts);
  if (isFailure(prepared)) return prepared;
  const conversation = conversationHash(admitted, recalled);
  admitted.call.record.conversation = conversation;
  const { bound, reason } = await findBound(admitted, conversation, parts.bindings);
  const seal = sealOf(prepared, recalled);
  const boundAccountId = bound?.accountId ?? (seal && parts.roster.find(seal.owner ?? "")?.id) ?? null;
  if (seal !== null && seal.owner !== boundAccountId) {
    const { body, last } = stripReasoning(admitted.body.text);
    admitted.body.text = body;
    if (last !== null && recalled.recalled !== null) admitted.call.record.lost.push("reasoning");
  }
  const { pool } = parts.roster;
  const question = { model: admitted.model, operation: admitted.route.operation, keyId: admitted.key.id };
  const { filter, ...paying } = mayServe(admitted.key.filter, question, { ...parts, pool });
  if (admitted.route.operation === "forward" && !hasProvider(filter)) return notForwarded(admitted);
  const ask: Ask = {
    ...parts.choice,
    model: admitted.model,
    filter,
    boundAccountId,
    boundReason: reason,
    draw: parts.random(),
  };
  pool.terms = parts.terms;
  const candidates = new Candidates(pool, ask);
  return {
    ...admitted,
    ...recalled,
    ...paying,
    conversation,
    leftBehind: bound?.leftBehind ?? null,
    ask,
    candidates,
    ...prepared,
  };
}

/**
 * Whose sealed reasoning the request carries, where that is known: a conversation that was forgotten here goes back to
 * that account. Null where nothing is known.
 */
function sealOf({ translation }: Prepared, { recalled }: Recalled): { readonly owner: string | null } | null {
  if (recalled !== null) return { owner: recalled.accountId };
  return translation === null ? null : { owner: translation.sealOwner };
}

function hasProvider({ providers }: Filter): boolean {
  return providers !== null && providers.length > 0;
}

function notForwarded({ target, model }: Admitted): Failure {
  const whose = model === null ? "" : ` for the model ${model}`;
  const message = `${target.path} is not served here${whose}: ChatGPT accounts have no such endpoint, and no provider with an API key that has it was added.`;
  return gatewayFailure("not_found", message);
}

/** Conversations of different platform keys never meet. A chain of answers that nothing names is known by its first. */
function conversationHash(admitted: Admitted, { recalled }: Recalled): string | null {
  const { key, route, conversationName, body, model } = admitted;
  if (route.operation === "forward") return null;
  if (conversationName !== null) return nameHash(key.id, conversationName);
  if (recalled !== null) return recalled.conversation ?? nameHash(key.id, recalled.responseId);
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
