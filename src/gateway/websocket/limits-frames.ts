// Quotas as frames: over HTTP an answer tells them in headers, which frames do not have.
// Facts: `codex.rate_limits` as Codex 0.148 and 0.169 read it.

import type { OutgoingHttpHeaders } from "node:http";

const MAIN = "codex";
const USED = /^x-(codex(?:-[\w-]+)?)-(?:primary|secondary)-used-percent$/;

/** One frame for each quota that the headers tell of. `now` is in epoch ms. */
export function limitsFrames(headers: OutgoingHttpHeaders, now: number): Buffer[] {
  const families = new Set(Object.keys(headers).flatMap((name) => USED.exec(name)?.[1] ?? []));
  return [...families].map((family) => Buffer.from(JSON.stringify(limitsEvent(headers, family, now))));
}

function limitsEvent(headers: OutgoingHttpHeaders, family: string, now: number): object {
  const [primary, secondary] = ["primary", "secondary"].map((slot) => windowOf(headers, `x-${family}-${slot}`, now));
  const event = { type: "codex.rate_limits", rate_limits: { primary, secondary } };
  if (family !== MAIN) {
    return { ...event, metered_limit_name: family, limit_name: text(headers[`x-${family}-limit-name`]) };
  }
  return { ...event, plan_type: text(headers["x-codex-plan-type"]), credits: creditsOf(headers) };
}

function windowOf(headers: OutgoingHttpHeaders, start: string, now: number): object | null {
  const used_percent = number(headers[`${start}-used-percent`]);
  if (used_percent === null) return null;
  const window_minutes = number(headers[`${start}-window-minutes`]);
  const after = number(headers[`${start}-reset-after-seconds`]);
  const told = number(headers[`${start}-reset-at`]);
  const reset_at = told ?? (after === null ? null : Math.ceil(now / 1000 + after));
  return { used_percent, window_minutes, reset_at };
}

function creditsOf(headers: OutgoingHttpHeaders): object | null {
  const hasCredits = text(headers["x-codex-credits-has-credits"]);
  if (hasCredits === null) return null;
  return {
    has_credits: isTrue(hasCredits),
    unlimited: isTrue(text(headers["x-codex-credits-unlimited"])),
    balance: text(headers["x-codex-credits-balance"]),
  };
}

function isTrue(value: string | null): boolean {
  return value?.toLowerCase() === "true";
}

function text(value: OutgoingHttpHeaders[string]): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function number(value: OutgoingHttpHeaders[string]): number | null {
  const found = Number(text(value) ?? Number.NaN);
  return Number.isFinite(found) ? found : null;
}
