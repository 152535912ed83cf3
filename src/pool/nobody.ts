// What to say when no account can serve: the one place that decides between "used up", "cooling", "nothing to serve
// with" and "nobody has this model", and puts into words what each group of accounts waits for.

import type { Failure } from "../contract/failure.ts";
import { countedAccounts, type SkipCode } from "../contract/reasons.ts";
import { type Ask, isStrict } from "./candidates.ts";
import type { Skip } from "./eligibility.ts";
import type { Pool } from "./pool.ts";
import { skipOf } from "./standing.ts";

const QUOTA_CODES: ReadonlySet<string> = new Set(["usage_limit_reached", "insufficient_quota", "usage_not_included"]);

const READY_AGAIN_MS = 1000;

/** Judges every account for this request; `now` is epoch ms. */
export function nobodyCanServe(pool: Pool, ask: Pick<Ask, "model" | "filter">, now: number): Failure {
  const skips: Skip[] = [];
  for (const entry of pool.entries) {
    const skip = skipOf(entry, ask, pool.terms, now);
    if (skip !== null) skips.push(skip);
  }
  return verdictOn(skips, { ready: pool.entries.length - skips.length, model: ask.model, now });
}

/** While the user wants one account and no other, its own reason is the answer. */
export function manualCannotServe(pool: Pool, ask: Ask, now: number): Failure {
  const entry = pool.entry(ask.manualAccountId ?? "");
  const skip = entry === undefined ? null : skipOf(entry, ask, pool.terms, now);
  const told = verdictOn(skip === null ? [] : [skip], { ready: 0, model: ask.model, now });
  return { ...told, message: `Only the manual account may serve. ${told.message}` };
}

/**
 * When it is worth looking again, epoch ms: at once when an account is free or only busy, else when the first of them
 * comes back. Null when waiting helps nobody. Those in `exhausted` have had their tries.
 */
export function nextChanceAt(pool: Pool, ask: Ask, exhausted: ReadonlySet<string>, now: number): number | null {
  let earliest: number | null = null;
  for (const entry of pool.entries) {
    const { id } = entry.account;
    if (exhausted.has(id) || (isStrict(ask) && id !== ask.manualAccountId)) continue;
    const skip = skipOf(entry, ask, pool.terms, now);
    if (skip === null || skip.reason === "busy" || skip.reason === "probing") return now;
    if (skip.until !== null && (earliest === null || skip.until < earliest)) earliest = skip.until;
  }
  return earliest;
}

function verdictOn(
  skips: readonly Skip[],
  { ready, model, now }: { ready: number; model: string | null; now: number },
) {
  if (ready > 0) return readyAgain(ready, skips, now);
  if (skips.some(({ reason }) => reason === "busy" || reason === "probing")) {
    const message = `All accounts that could serve are busy: ${inWords(skips)}. Try again shortly.`;
    return { ...gatewayFailure("rate_limit_exceeded", message), until: now + READY_AGAIN_MS };
  }
  const waiting = skips.filter((skip) => skip.until !== null);
  const others = waiting.filter((skip) => skip.reason !== "model_not_supported");
  if (waiting.length > 0 && others.length === 0) {
    return gatewayFailure("model_not_supported", `No account has the model ${model ?? ""}: ${inWords(skips)}.`);
  }
  if (others.length === 0) {
    const what = skips.length === 0 ? "There is no account yet" : `No account can serve: ${inWords(skips)}`;
    return gatewayFailure("no_account_available", `${what}. Add an account or enable one.`);
  }
  const until = Math.min(...others.map((skip) => skip.until ?? Number.POSITIVE_INFINITY));
  const isCooling = others.some((skip) => !QUOTA_CODES.has(skip.reason));
  const code = isCooling ? "rate_limit_exceeded" : "usage_limit_reached";
  const message = `No account can serve now: ${inWords(skips)}. Next try at ${new Date(until).toISOString()}.`;
  return { ...gatewayFailure(code, message), until };
}

/** Accounts that were asked a moment ago and whose short rest is already over: the next try may well succeed. */
function readyAgain(ready: number, skips: readonly Skip[], now: number): Failure {
  const rest = skips.length === 0 ? "" : `, ${inWords(skips)}`;
  const message = `No account could serve just now: ${ready} ready again${rest}. Try again shortly.`;
  return { ...gatewayFailure("rate_limit_exceeded", message), until: now + READY_AGAIN_MS };
}

function gatewayFailure(code: Failure["code"], message: string): Failure {
  return { code, class: "gateway", scope: "request", retry: "never", message };
}

/** "2 used up, 1 must sign in again" */
function inWords(skips: readonly Skip[]): string {
  const counts = new Map<SkipCode, number>();
  for (const { reason } of skips) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => countedAccounts(reason, count)).join(", ");
}
