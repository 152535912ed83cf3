// Quota readings of every family as the ChatGPT Codex backend tells them: in answer headers and in `codex.rate_limits` events.
// Facts: header and event names as Codex 0.169 reads them.

import type { IncomingHttpHeaders } from "node:http";
import { type Credits, MAIN_FAMILY, type Reading, type Window } from "../../pool/account.ts";
import { familyOf, saysLimitReached } from "./family.ts";

type Headers = Readonly<IncomingHttpHeaders | Record<string, string | string[] | undefined>>;

const PREFIX = "x-codex-";
/** Behind the name of a family; the main one has none. */
const FAMILY_MARK = /-(?:primary|secondary)-used-percent$/;

/** One reading for each quota the answer tells of, the main one first. `source` says whether the answer was a refusal. */
export function readingsFromHeaders(headers: Headers, now: number, source: "headers" | "refusal"): Reading[] {
  const others = otherPrefixes(headers).map((prefix) =>
    otherReading({
      family: familyOf(prefix.slice("x-".length, -1)),
      isLimitReached: false,
      windows: headerWindows(headers, prefix, now),
      source,
      at: now,
    }),
  );
  return [mainReading(headers, now, source), ...others].filter((reading) => reading !== null);
}

function mainReading(headers: Headers, now: number, source: Reading["source"]): Reading | null {
  if (
    headers["x-codex-primary-used-percent"] === undefined &&
    headers["x-codex-secondary-used-percent"] === undefined
  ) {
    return null;
  }
  return meaningful({
    family: MAIN_FAMILY,
    isLimitReached: false,
    resetCredits: null,
    windows: headerWindows(headers, PREFIX, now),
    plan: text(headers["x-codex-plan-type"]),
    credits: headerCredits(headers),
    source,
    at: now,
  });
}

/** `x-codex-<name>-` of each family beside the main one. Nearly always there is none. */
function otherPrefixes(headers: Headers): readonly string[] {
  let prefixes: string[] | null = null;
  for (const name in headers) {
    if (!name.startsWith(PREFIX) || !name.endsWith("-used-percent")) continue;
    const prefix = `${name.replace(FAMILY_MARK, "")}-`;
    if (prefix === PREFIX || prefixes?.includes(prefix)) continue;
    (prefixes ??= []).push(prefix);
  }
  return prefixes ?? [];
}

function headerWindows(headers: Headers, prefix: string, now: number): Window[] {
  return [headerWindow(headers, `${prefix}primary`, now), headerWindow(headers, `${prefix}secondary`, now)].filter(
    (window) => window !== null,
  );
}

function headerWindow(headers: Headers, start: string, now: number): Window | null {
  const usedPercent = number(headers[`${start}-used-percent`]);
  const minutes = number(headers[`${start}-window-minutes`]);
  if (usedPercent === null || minutes === null || minutes <= 0) return null;
  const resetAt = number(headers[`${start}-reset-at`]);
  const resetAfter = number(headers[`${start}-reset-after-seconds`]);
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

/** Reads a `codex.rate_limits` event; null for anything unreadable. */
export function readingFromEvent(payload: Buffer, now: number): Reading | null {
  const event = record(parse(payload));
  if (event === null) return null;
  const family = familyOf(event["metered_limit_name"], event["limit_name"], event["limit_id"]);
  const limits = record(event["rate_limits"]);
  const windows = [eventWindow(limits?.["primary"], now), eventWindow(limits?.["secondary"], now)];
  const told = {
    family,
    isLimitReached: saysLimitReached(limits),
    windows: windows.filter((window) => window !== null),
    source: "event",
    at: now,
  } as const;
  if (family !== MAIN_FAMILY) return otherReading(told);
  const plan = text(event["plan_type"]);
  return meaningful({ ...told, resetCredits: null, plan, credits: eventCredits(event["credits"]) });
}

/** Plan and credits are the account's, told with its main quota. */
function otherReading(told: Omit<Reading, "plan" | "credits" | "resetCredits">): Reading | null {
  return meaningful({ ...told, plan: null, credits: null, resetCredits: null });
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
