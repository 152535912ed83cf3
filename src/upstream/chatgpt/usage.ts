// Reads how much of its quota a ChatGPT account has used. One request, judged; who may be blamed for what is in the answer.

import { type Credits, MAIN_FAMILY, type Reading, type Window } from "../../pool/account.ts";
import type { Transport } from "../transport.ts";
import { familyOf, saysLimitReached } from "./family.ts";
import { fetchSmall } from "./fetch-small.ts";

export type UsageAnswer =
  /** The main quota first. */
  | { readonly kind: "read"; readonly readings: readonly Reading[] }
  /** The token was refused; a renewed one may be taken. */
  | { readonly kind: "unauthorized"; readonly status: number; readonly code: string | null }
  /** Says nothing about the account. */
  | { readonly kind: "unreachable"; readonly message: string };

export interface UsageRequest {
  readonly accountId: string;
  readonly accessToken: string;
  /** Sent as `chatgpt-account-id` when there is one. */
  readonly chatgptAccountId: string | null;
}

export interface UsageReader {
  /** `now` (epoch ms) is when the reading counts as taken. */
  read(request: UsageRequest, now: number): Promise<UsageAnswer>;
}

export interface UsageReaderOptions {
  readonly transport: Pick<Transport, "dispatcherFor">;
  /** E.g. `https://chatgpt.com`; see `usageUrl`. */
  readonly upstreamUrl: string;
  readonly userAgent: string;
  readonly timeoutMs: number;
}

export function createUsageReader(options: UsageReaderOptions): UsageReader {
  const url = usageUrl(options.upstreamUrl);
  const { origin } = new URL(url);
  return {
    async read(request, now) {
      const answer = await fetchSmall({
        dispatcher: options.transport.dispatcherFor(request.accountId, origin),
        url,
        method: "GET",
        headers: credentialHeaders(request, options.userAgent),
        timeoutMs: options.timeoutMs,
      });
      if (!answer.ok) return { kind: "unreachable", message: answer.message };
      if (answer.status === 200 && answer.json) return { kind: "read", readings: parseUsage(answer.json, now) };
      const isChallenge = answer.json === null; // a challenge page is about the address we come from, not the login
      if ((answer.status === 401 || answer.status === 403) && !isChallenge) {
        return { kind: "unauthorized", status: answer.status, code: codeOf(answer.json) };
      }
      return { kind: "unreachable", message: `the usage endpoint answered ${answer.status}` };
    },
  };
}

/** What every request about an account carries. */
export function credentialHeaders(
  { accessToken, chatgptAccountId }: UsageRequest,
  userAgent: string,
): Record<string, string> {
  return {
    accept: "application/json",
    authorization: `Bearer ${accessToken}`,
    "user-agent": userAgent,
    ...(chatgptAccountId === null ? {} : { "chatgpt-account-id": chatgptAccountId }),
  };
}

/** `/wham/usage` below a `/backend-api` (which a bare ChatGPT host gets), else `/api/codex/usage`, as in the original. */
export function usageUrl(upstreamUrl: string): string {
  const plain = upstreamUrl.replace(/\/+$/, "");
  const isBareChatgpt = /^https:\/\/(chatgpt\.com|chat\.openai\.com)$/.test(plain);
  const start = isBareChatgpt ? `${plain}/backend-api` : plain;
  return start.includes("/backend-api") ? `${start}/wham/usage` : `${start}/api/codex/usage`;
}

/**
 * Body of `GET /backend-api/wham/usage` (seen with Codex CLI 0.169): windows in seconds, instants in epoch seconds. The main
 * quota comes first, whatever is told of it; of the others only those that tell something.
 */
export function parseUsage(body: Readonly<Record<string, unknown>>, now: number): Reading[] {
  const main: Reading = {
    ...parseLimits(body["rate_limit"], now),
    family: MAIN_FAMILY,
    resetCredits: countOf(asFields(body["rate_limit_reset_credits"])["available_count"]),
    plan: typeof body["plan_type"] === "string" ? body["plan_type"] : null,
    credits: parseCredits(body["credits"]),
  };
  const additional = Array.isArray(body["additional_rate_limits"]) ? body["additional_rate_limits"] : [];
  const others = additional.map((entry: unknown): Reading => {
    const { metered_feature: feature, limit_name: name, rate_limit: limits } = asFields(entry);
    const family = familyOf(feature, name);
    return { ...parseLimits(limits, now), family, resetCredits: null, plan: null, credits: null };
  });
  const telling = ({ family, windows, isLimitReached }: Reading) =>
    family !== MAIN_FAMILY && (windows.length > 0 || isLimitReached);
  return [main, ...others.filter(telling)];
}

function parseLimits(value: unknown, now: number): Pick<Reading, "windows" | "isLimitReached" | "source" | "at"> {
  const limits = asFields(value);
  const windows = [limits["primary_window"], limits["secondary_window"]].flatMap((each) => parseWindow(each, now));
  const byLength = windows.toSorted((a, b) => a.minutes - b.minutes);
  return { windows: byLength, isLimitReached: saysLimitReached(limits), source: "poll", at: now };
}

function countOf(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : null;
}

function parseWindow(value: unknown, now: number): Window[] {
  const fields = asFields(value);
  const { used_percent: used, limit_window_seconds: seconds, reset_at: at, reset_after_seconds: after } = fields;
  if (typeof used !== "number" || typeof seconds !== "number" || seconds <= 0) return [];
  const told = typeof at === "number" && at > 0 ? at * 1000 : null;
  const resetsAt = told ?? (typeof after === "number" ? now + after * 1000 : null);
  return [{ minutes: Math.ceil(seconds / 60), usedPercent: Math.min(100, Math.max(0, used)), resetsAt }];
}

function parseCredits(value: unknown): Credits | null {
  if (typeof value !== "object" || value === null) return null;
  const { has_credits: has, unlimited, balance } = asFields(value);
  const isText = typeof balance === "string" || typeof balance === "number";
  return { hasCredits: has === true, isUnlimited: unlimited === true, balance: isText ? String(balance) : null };
}

/** The code of a refusal, in any of the shapes it comes in. */
export function codeOf(body: Readonly<Record<string, unknown>>): string | null {
  const code = asFields(body["error"])["code"] ?? asFields(body["detail"])["code"] ?? body["code"];
  return typeof code === "string" ? code : null;
}

function asFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
