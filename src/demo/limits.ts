// How the state of an account's quota is told: answer headers, the stream event, and the refusal when it is used up.

import type { DemoAccount } from "./account.ts";
import type { Answer } from "./answer.ts";
import type { ServerEvent } from "./stream/fault.ts";
import type { WindowReading } from "./windows.ts";

const SLOTS = ["primary", "secondary"] as const;

/** `x-codex-*`, as on every answer to a model request. */
export function limitHeaders(account: DemoAccount, now: number): Record<string, string> {
  const headers: Record<string, string> = {
    "x-codex-plan-type": account.plan,
    "x-codex-active-limit": account.plan === "free" ? "free" : "premium",
    "x-codex-credits-has-credits": String(account.creditBalance > 0),
    "x-codex-credits-unlimited": "false",
    "x-codex-credits-balance": account.creditBalance.toFixed(2),
  };
  addWindows(headers, { prefix: "x-codex-", windows: account.windows(), now });
  for (const { name, title, windows } of account.families()) {
    headers[`x-codex-${name}-limit-name`] = title;
    addWindows(headers, { prefix: `x-codex-${name}-`, windows, now });
  }
  return headers;
}

function addWindows(
  headers: Record<string, string>,
  { prefix, windows, now }: { prefix: string; windows: readonly WindowReading[]; now: number },
): void {
  windows.forEach((window, index) => {
    const slot = SLOTS[index];
    if (!slot) return;
    headers[`${prefix}${slot}-used-percent`] = String(round(window.usedPercent));
    headers[`${prefix}${slot}-window-minutes`] = String(window.lengthMinutes);
    headers[`${prefix}${slot}-reset-at`] = String(seconds(window.resetsAt));
    headers[`${prefix}${slot}-reset-after-seconds`] = String(secondsUntil(window.resetsAt, now));
  });
}

export function limitEvent(account: DemoAccount): ServerEvent {
  const [primary, secondary] = account.windows();
  return {
    type: "codex.rate_limits",
    plan_type: account.plan,
    rate_limits: {
      allowed: account.exhaustedUntil() === null,
      limit_reached: account.exhaustedUntil() !== null,
      primary: eventWindow(primary),
      secondary: eventWindow(secondary),
    },
    credits: { has_credits: account.creditBalance > 0, unlimited: false, balance: String(account.creditBalance) },
    metered_limit_name: "codex",
  };
}

/** The `error` object of a used-up quota. */
export function usageLimitError(account: DemoAccount, now: number, resetsAt: number): Record<string, unknown> {
  return {
    type: "usage_limit_reached",
    message: "The usage limit has been reached",
    plan_type: account.plan,
    resets_at: seconds(resetsAt),
    eligible_promo: null,
    resets_in_seconds: secondsUntil(resetsAt, now),
  };
}

/** The refusal of an account whose quota is used up; without `resetsAt` as its windows say. */
export function usageLimitAnswer(
  account: DemoAccount,
  now: number,
  terms: { status?: number; resetsAt?: number } = {},
): Answer {
  const resetsAt = terms.resetsAt ?? account.exhaustedUntil() ?? account.windows()[0]?.resetsAt ?? now;
  return {
    status: terms.status ?? 429,
    headers: limitHeaders(account, now),
    body: { error: usageLimitError(account, now, resetsAt) },
  };
}

function eventWindow(window: WindowReading | undefined): object | null {
  if (!window) return null;
  return {
    used_percent: round(window.usedPercent),
    window_minutes: window.lengthMinutes,
    reset_at: seconds(window.resetsAt),
  };
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}

function seconds(instant: number): number {
  return Math.floor(instant / 1000);
}

function secondsUntil(instant: number, now: number): number {
  return Math.max(0, Math.ceil((instant - now) / 1000));
}
