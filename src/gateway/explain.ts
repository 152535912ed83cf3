// Which way a request would take now, without one: the stages' own choice on the pool as it is, with nothing changed.

import type { Failure } from "../contract/failure.ts";
import type { ModelReason } from "../contract/reasons.ts";
import type { Settings } from "../contract/settings/table.ts";
import type { PoolAccount } from "../pool/account.ts";
import { type Ask, type ChoiceReason, isStrict } from "../pool/candidates.ts";
import type { Skip } from "../pool/eligibility.ts";
import { explainChoice } from "../pool/explain.ts";
import { noFilter } from "../pool/filter.ts";
import { manualCannotServe, nobodyCanServe } from "../pool/nobody.ts";
import { waitForOwnMs } from "../pool/own-account.ts";
import type { Pool } from "../pool/pool.ts";
import type { StrategyName } from "../pool/strategy/index.ts";
import { explainModel } from "./explain-model.ts";
import { planSettings } from "./from-settings.ts";
import type { KnownModels } from "./model-names.ts";
import { nameHash } from "./plan.ts";
import type { AdmittedKey, ProviderSource } from "./ports.ts";
import { mayServe } from "./providers/may-serve.ts";
import type { Serving } from "./providers/serving.ts";

export interface RouteQuestion {
  /** Null asks for a key without limits of its own. */
  readonly key: AdmittedKey | null;
  readonly model: string | null;
  /** As the client names it (then the key must be given), or its hash as the request log has it. */
  readonly conversation: string | null;
  /** Most candidates and most accounts passed over that are told. */
  readonly limit: number;
}

export interface RouteAnswer {
  /** Epoch ms, like all times here. */
  readonly at: number;
  readonly strategy: StrategyName;
  readonly model: string | null;
  /** Why it is that model; null when the question named none. */
  readonly modelReason: ModelReason | null;
  readonly manualAccountId: string | null;
  readonly boundAccountId: string | null;
  /** `waitsUntil`: the request would wait for its own account rather than leave it. */
  readonly next: {
    readonly account: PoolAccount;
    readonly reason: ChoiceReason;
    readonly waitsUntil: number | null;
  } | null;
  readonly candidates: readonly { readonly account: PoolAccount; readonly reason: ChoiceReason }[];
  readonly candidateCount: number;
  readonly skipped: readonly (Skip & { readonly label: string })[];
  readonly skippedCount: number;
  /** API keys that cost money could serve, but are not used in place of logins. */
  readonly sparesPaid: boolean;
  /** What the client would be told; null when somebody can serve. */
  readonly verdict: Failure | null;
  /** When the first of those passed over comes back by itself; null when none does. */
  readonly capacityReturnsAt: number | null;
}

export interface RouteParts {
  readonly pool: Pool;
  /** The account a conversation is on, by its hash. */
  findBound(conversation: string): Promise<string | null>;
  readonly settings: Settings;
  readonly knownModels: KnownModels;
  readonly serving: Serving;
  readonly providers: ProviderSource;
  readonly now: number;
}

export async function explainRoute(question: RouteQuestion, parts: RouteParts): Promise<RouteAnswer> {
  const { pool, settings, now } = parts;
  const { choice, terms, usesPaidFallback } = planSettings(settings);
  const boundAccountId = await findBound(question, parts);
  const named = meaningOf(question, parts);
  const keyFilter = question.key?.filter ?? noFilter;
  const wanted = { model: named?.model ?? null, operation: "respond", keyId: question.key?.id ?? null } as const;
  const { filter, sparesPaid } = mayServe(keyFilter, wanted, { ...parts, usesPaidFallback });
  const ask: Ask = {
    ...choice,
    model: wanted.model,
    filter,
    boundAccountId,
    boundReason: "bound",
    draw: 0,
  };
  pool.terms = terms;
  const told = explainChoice(pool, ask, question.limit, now);
  const first = told.candidates[0];
  const judge = isStrict(ask) ? manualCannotServe : nobodyCanServe;
  return {
    at: now,
    strategy: ask.strategy,
    model: ask.model,
    modelReason: named?.reason ?? null,
    manualAccountId: ask.manualAccountId,
    boundAccountId,
    next: waitingFor(ask, parts) ?? (first === undefined ? null : { ...first, waitsUntil: null }),
    candidates: told.candidates,
    candidateCount: told.candidateCount,
    skipped: told.skips.map((skip) => ({ ...skip, label: pool.find(skip.accountId)?.label ?? skip.accountId })),
    skippedCount: told.skippedCount,
    sparesPaid,
    verdict: first === undefined ? judge(pool, ask, now) : null,
    capacityReturnsAt: told.returnsAt,
  };
}

/** As for a client other than Codex, which is taken at its word. */
function meaningOf({ key, model: name }: RouteQuestion, parts: RouteParts) {
  const isAsked = name !== null || key?.model != null;
  return isAsked ? explainModel({ name: name ?? "", key, isNative: false }, parts) : null;
}

/** A conversation waits a moment for its own account, as in the attempt stage. */
function waitingFor(ask: Ask, { pool, settings, now }: RouteParts): RouteAnswer["next"] {
  const waitMs = waitForOwnMs(pool, ask, settings.routing.boundWaitMs, now);
  const own = waitMs === 0 ? undefined : pool.find(ask.boundAccountId ?? "");
  return own === undefined ? null : { account: own, reason: ask.boundReason, waitsUntil: now + waitMs };
}

async function findBound({ key, conversation }: RouteQuestion, parts: RouteParts) {
  if (conversation === null) return null;
  const named = key === null ? null : await parts.findBound(nameHash(key.id, conversation));
  return named ?? parts.findBound(conversation);
}
