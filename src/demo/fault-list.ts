// Every fault the world can be asked for, by name. Bodies and statuses as reported in public bug trackers, 2026.

import { gzipSync } from "node:zlib";
import { apiError, type Answer } from "./answer.ts";
import { REFUSALS } from "./authorize.ts";
import type { Fault } from "./faults.ts";
import { REFRESH_REFUSALS } from "./issuer.ts";
import { usageLimitAnswer } from "./limits.ts";
import { streamFaults } from "./stream/fault-list.ts";

function answers(name: string, answer: Answer): Fault {
  return { kind: "answer", name, build: () => answer };
}

const RATE_LIMIT_CODE = { type: "requests", code: "rate_limit_exceeded" };
const OVERLOADED = {
  message: "Our servers are currently overloaded. Please try again later.",
  type: "service_unavailable_error",
  code: "server_is_overloaded",
};

const CHALLENGE_PAGE = `<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head><body>
<noscript>Enable JavaScript and cookies to continue</noscript>
<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=demo"></script></body></html>`;

function usageLimit(name: string, status: number, terms: { resetsInMs?: number }): Fault {
  return {
    kind: "answer",
    name,
    build: ({ account, now }) => {
      if (!account)
        return apiError(status, { message: "The usage limit has been reached", type: "usage_limit_reached" });
      const { resetsInMs } = terms;
      return usageLimitAnswer(account, now, {
        status,
        ...(resetsInMs !== undefined && { resetsAt: now + resetsInMs }),
      });
    },
  };
}

/** Faults that replace the answer or the connection. */
const answerFaults = {
  /** 429 `usage_limit_reached`; without `resetsInMs` with the reset of the account's own windows. */
  usageLimit: (terms: { resetsInMs?: number } = {}): Fault => usageLimit("usage-limit", 429, terms),
  /** The same refusal with status 400. */
  usageLimit400: (terms: { resetsInMs?: number } = {}): Fault => usageLimit("usage-limit-400", 400, terms),
  /** 429 burst limit: with a `retry-after` header, or with the wait only in the text ("1.5s", "6m0s", "250ms"), or with neither. */
  rateLimit: (terms: { retryAfterSeconds?: number; tryAgainIn?: string } = {}): Fault => {
    const hint = terms.tryAgainIn === undefined ? "" : ` Please try again in ${terms.tryAgainIn}.`;
    const answer = apiError(429, { message: `Rate limit reached for this model.${hint}`, ...RATE_LIMIT_CODE });
    if (terms.retryAfterSeconds === undefined) return answers("rate-limit", answer);
    return answers("rate-limit", { ...answer, headers: { "retry-after": String(terms.retryAfterSeconds) } });
  },
  /** 429 in the backend's own form: `{"detail": "Rate limit exceeded"}`. */
  rateLimitDetail: (): Fault => answers("rate-limit-detail", { status: 429, body: { detail: "Rate limit exceeded" } }),
  insufficientQuota: (): Fault =>
    answers(
      "insufficient-quota",
      apiError(429, {
        message: "You exceeded your current quota.",
        type: "insufficient_quota",
        code: "insufficient_quota",
      }),
    ),
  usageNotIncluded: (): Fault =>
    answers(
      "usage-not-included",
      apiError(403, { message: "Codex is not included in this plan.", type: "usage_not_included" }),
    ),
  unauthorized: (): Fault => answers("unauthorized", REFUSALS.unauthorized),
  unparsableToken: (): Fault => answers("unparsable-token", REFUSALS.unparsable),
  tokenInvalidated: (): Fault => answers("token-invalidated", REFUSALS.invalidated),
  tokenExpired: (): Fault => answers("token-expired", REFUSALS.expired),
  accountDeactivated: (): Fault => answers("account-deactivated", REFUSALS.deactivated),
  workspaceDeactivated: (): Fault => answers("workspace-deactivated", REFUSALS.workspaceDeactivated),
  workspaceDenied: (): Fault => answers("workspace-denied", REFUSALS.workspaceDenied),
  /** 403 with a challenge page instead of JSON: about the address, not about the account. */
  cloudflareChallenge: (): Fault =>
    answers("cloudflare-challenge", {
      status: 403,
      headers: {
        "content-type": "text/html; charset=UTF-8",
        "cf-mitigated": "challenge",
        server: "cloudflare",
        "cf-ray": "demo-AMS",
      },
      body: CHALLENGE_PAGE,
    }),
  /** Any 5xx with an API error body. */
  serverError: (status = 500): Fault =>
    answers(
      `server-error-${status}`,
      apiError(status, { message: "An error occurred while processing your request.", type: "server_error" }),
    ),
  overloaded: (): Fault => answers("overloaded", apiError(503, OVERLOADED)),
  slowDown: (): Fault =>
    answers("slow-down", apiError(503, { ...OVERLOADED, message: "Please slow down.", code: "slow_down" })),
  /** The overload that comes as a 400 with nothing but its message to tell it by. */
  atCapacity: (): Fault =>
    answers("at-capacity", apiError(400, { message: "Selected model is at capacity. Please try a different model." })),
  contextTooLong: (): Fault =>
    answers(
      "context-too-long",
      apiError(400, {
        message: "Your input exceeds the context window of this model. Please adjust your input and try again.",
        param: "input",
        code: "context_length_exceeded",
      }),
    ),
  invalidCiphertext: (): Fault =>
    answers(
      "invalid-ciphertext",
      apiError(400, {
        message: "The encrypted content gAAA...demo could not be verified.",
        code: "invalid_encrypted_content",
      }),
    ),
  /** An error page of some proxy on the way. */
  htmlError: (status = 502): Fault =>
    answers(`html-error-${status}`, {
      status,
      headers: { "content-type": "text/html" },
      body: `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>`,
    }),
  /** A JSON error in a gzip body. */
  gzipError: (status = 502): Fault =>
    answers(`gzip-error-${status}`, {
      status,
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      body: gzipSync(
        JSON.stringify({ error: { message: "Bad gateway", type: "server_error", param: null, code: null } }),
      ),
    }),
  /** Any answer at all. */
  answer: (answer: Answer): Fault => answers(`answer-${answer.status}`, answer),
  resetBeforeHeaders: (): Fault => ({ kind: "reset", name: "reset-before-headers" }),
  stallBeforeHeaders: (): Fault => ({ kind: "stall", name: "stall-before-headers" }),
  /** Nothing, not even headers, for so long. */
  slowHeaders: (ms: number): Fault => ({ kind: "wait", name: "slow-headers", ms }),
};

/** For `{ on: "token" }`. */
const tokenFaults = {
  refreshReused: (): Fault => answers("refresh-reused", REFRESH_REFUSALS.reused),
  refreshExpired: (): Fault => answers("refresh-expired", REFRESH_REFUSALS.expired),
  refreshInvalidated: (): Fault => answers("refresh-invalidated", REFRESH_REFUSALS.invalidated),
  /** RFC 6749's own form. */
  invalidGrant: (): Fault =>
    answers("invalid-grant", {
      status: 400,
      body: { error: "invalid_grant", error_description: "The refresh token is invalid." },
    }),
  regionBlocked: (): Fault =>
    answers(
      "region-blocked",
      apiError(403, {
        message: "Country, region, or territory not supported",
        type: "request_forbidden",
        code: "unsupported_country_region_territory",
      }),
    ),
  /** The refresh token is spent, and the answer with the new one never arrives. */
  lostAnswer: (): Fault => ({ kind: "lost-answer", name: "lost-answer" }),
};

export const faults = { ...answerFaults, ...tokenFaults, ...streamFaults };
