// What to say when no account can serve: the one place that decides between "used up", "cooling", "nothing to serve
// with" and "nobody has this model", and puts into words what each group of accounts waits for.

import type { Failure } from "../contract/failure.ts";
import type { PoolView } from "./candidates.ts";
import { type Skip, whyNot } from "./eligibility.ts";

const QUOTA_CODES: ReadonlySet<string> = new Set(["usage_limit_reached", "insufficient_quota", "usage_not_included"]);

const READY_AGAIN_MS = 1000;

const WORDS: Readonly<Record<string, string>> = {
  disabled: "disabled by you",
  sign_in: "must sign in again",
  no_access: "without access to Codex",
  deactivated: "deactivated",
  usage_limit_reached: "used up",
  insufficient_quota: "out of credit",
  usage_not_included: "on a plan without this use",
  rate_limit_exceeded: "cooling down",
  model_not_supported: "without this model",
  token_invalidated: "with a refused token",
  access_denied: "refused by the upstream",
};

export function nobodyCanServe(view: PoolView, model: string | null, now: number): Failure {
  const skips: Skip[] = [];
  for (const account of view.inOrder) {
    const skip = whyNot(account, model, now);
    if (skip !== null) skips.push(skip);
  }
  const ready = view.inOrder.length - skips.length;
  if (ready > 0) return readyAgain(ready, skips, now);
  const waiting = skips.filter((skip) => skip.until !== null);
  const others = waiting.filter((skip) => skip.reason !== "model_not_supported");
  if (waiting.length > 0 && others.length === 0) {
    return gatewayFailure("model_not_supported", `No account has the model ${model ?? ""}: ${inWords(skips)}.`);
  }
  if (others.length === 0) {
    const what = view.inOrder.length === 0 ? "There is no account yet" : `No account can serve: ${inWords(skips)}`;
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
  const counts = new Map<string, number>();
  for (const { reason } of skips) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${WORDS[reason] ?? reason}`).join(", ");
}
