// Quota readings as the ChatGPT Codex backend tells them: in answer headers and in `codex.rate_limits` events.
// Facts: header and event names as Codex 0.169 reads them.

import type { IncomingHttpHeaders } from "node:http";
import { type Credits, MAIN_FAMILY, type Reading, type Window } from "../../pool/account.ts";

type Headers = Readonly<IncomingHttpHeaders | Record<string, string | string[] | undefined>>;

const mainReading = { family: MAIN_FAMILY, isLimitReached: false, resetCredits: null } as const;

/** Reads the main quota family; other families (`x-codex-<name>-primary-…`) have windows of their own and are left out. */
export function readingFromHeaders(headers: Headers, now: number): Reading | null {
  if (
    headers["x-codex-primary-used-percent"] === undefined &&
    headers["x-codex-secondary-used-percent"] === undefined
  ) {
    return null;
  }
  const windows = [headerWindow(headers, "primary", now), headerWindow(headers, "secondary", now)];
  return meaningful({
    ...mainReading,
    windows: windows.filter((window) => window !== null),
    plan: text(headers["x-codex-plan-type"]),
    credits: headerCredits(headers),
    source: "headers",
    at: now,
  });
}

function headerWindow(headers: Headers, slot: "primary" | "secondary", now: number): Window | null {
  const usedPercent = number(headers[`x-codex-${slot}-used-percent`]);
  const minutes = number(headers[`x-codex-${slot}-window-minutes`]);
  if (usedPercent === null || minutes === null || minutes <= 0) return null;
  const resetAt = number(headers[`x-codex-${slot}-reset-at`]);
  const resetAfter = number(headers[`x-codex-${slot}-reset-after-seconds`]);
  return { minutes, usedPercent: clampPercent(usedPercent), resetsAt: resetTime(resetAt, resetAfter, now) };
}

function headerCredits(headers: Headers): Credits | null {
  const hasCredits = headers["x-codex-credits-has-credits"];
  if (hasCredits === undefined) return null;
  return {
    hasCredits: text(hasCredits)?.toLowerCase() === "true",
    isUnlimited: text(headers["x-codex-credits-unlimited"])?.toLowerCase() === "true",
    balance: text(headers["x-codex-credits-balance"]),
  };
}

/** Reads a `codex.rate_limits` event; null for the families beside the main one and for anything unreadable. */
export function readingFromEvent(payload: Buffer, now: number): Reading | null {
  const event = record(parse(payload));
  const family = event?.["metered_limit_name"] ?? event?.["limit_name"] ?? event?.["limit_id"];
  if (event === null || (typeof family === "string" && family !== "codex")) return null;
  const limits = record(event["rate_limits"]);
  const windows = [eventWindow(limits?.["primary"], now), eventWindow(limits?.["secondary"], now)];
  return meaningful({
    ...mainReading,
    windows: windows.filter((window) => window !== null),
    plan: text(event["plan_type"]),
    credits: eventCredits(event["credits"]),
    source: "event",
    at: now,
  });
}

function eventWindow(value: unknown, now: number): Window | null {
  const window = record(value);
  const usedPercent = number(window?.["used_percent"]);
  const minutes = number(window?.["window_minutes"]);
  if (usedPercent === null || minutes === null || minutes <= 0) return null;
  const resetsAt = resetTime(number(window?.["reset_at"]), number(window?.["reset_after_seconds"]), now);
  return { minutes, usedPercent: clampPercent(usedPercent), resetsAt };
}

function eventCredits(value: unknown): Credits | null {
  const credits = record(value);
  if (credits === null) return null;
  return {
    hasCredits: credits["has_credits"] === true,
    isUnlimited: credits["unlimited"] === true,
    balance: text(credits["balance"]),
  };
}

/** What tells neither windows nor credits must not take the place of a reading that does. */
function meaningful(reading: Reading): Reading | null {
  return reading.windows.length === 0 && reading.credits === null ? null : reading;
}

function resetTime(atSeconds: number | null, afterSeconds: number | null, now: number): number | null {
  if (atSeconds !== null) return atSeconds * 1000;
  return afterSeconds === null ? null : now + afterSeconds * 1000;
}

function clampPercent(value: number): number {
  return Math.min(100, Math.max(0, value));
}

function number(value: unknown): number | null {
  const parsed = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof parsed === "number" && Number.isFinite(parsed) ? parsed : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString("utf8"));
  } catch {
    return null;
  }
}
