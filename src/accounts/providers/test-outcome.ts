// What a refusal says about a provider that is being tested, by the same table that judges the gateway's own attempts. Pure.

import type { FailureCode } from "../../contract/failure.ts";
import type { TestOutcome } from "../../contract/provider-test.ts";
import { classify } from "../../pool/classify.ts";
import type { ProviderReply } from "../../upstream/ask-provider.ts";
import { observeAnswer } from "../../upstream/observe.ts";
import type { UpstreamFormat } from "../../wire/upstream-format.ts";

const OUTCOMES: Readonly<Partial<Record<FailureCode, TestOutcome>>> = {
  token_invalidated: "key_refused",
  access_denied: "access_refused",
  account_deactivated: "access_refused",
  workspace_denied: "access_refused",
  insufficient_quota: "no_credit",
  usage_limit_reached: "no_credit",
  usage_not_included: "no_credit",
  rate_limit_exceeded: "rate_limited",
  model_not_supported: "model_unknown",
  upstream_challenge: "blocked",
  upstream_error: "upstream_trouble",
  server_is_overloaded: "upstream_trouble",
  upstream_timeout: "timed_out",
};

/** Statuses that say nothing but that there is no such thing at this path. */
const NOT_THERE: ReadonlySet<number> = new Set([301, 302, 303, 307, 308, 404, 405]);

export function outcomeOfFailure(code: string): TestOutcome {
  return OUTCOMES[code as FailureCode] ?? "request_refused";
}

export function outcomeOfReply(
  format: UpstreamFormat | null,
  { status, headers, contentType, body }: Extract<ProviderReply, { ok: true }>,
): { readonly outcome: TestOutcome; readonly message: string } {
  const complaint = format === null ? undefined : (said: unknown) => format.complaint(said);
  const seen = observeAnswer({ status, contentType, body }, headers, { now: 0, complaint });
  const { message } = seen;
  const { code } = classify(seen);
  const isPage = seen.isHtml && (status === 200 || NOT_THERE.has(status));
  if (isPage) return { outcome: "wrong_address", message: "" };
  if (NOT_THERE.has(status) && code !== "model_not_supported") return { outcome: "wrong_address", message };
  return { outcome: outcomeOfFailure(code), message };
}
