// What an account's facts mean in the four words the original's clients know. Pure.

import type { AccountFacts, Credits, Window } from "../pool/account.ts";

export type Availability = "available" | "primary_window_available_only" | "unavailable" | "unknown";

/** A window whose time of reset has passed counts as empty. `now` is epoch ms. */
export function availability(facts: AccountFacts, now: number): Availability {
  const isBlocked = facts.blocks.some((block) => block.model === null && block.until > now);
  if (facts.login.state !== "ok" || isBlocked) return "unavailable";
  const windows = currentWindows(facts, now);
  if (windows.length === 0) return "unknown";
  if (windows.some((window) => window.usedPercent >= 100)) return "unavailable";
  return windows.length === 1 ? "primary_window_available_only" : "available";
}

/** The newest reading in the shape of the original's snapshots, with instants in epoch ms. */
export interface UsageSnapshot {
  readonly accountId: string;
  readonly availabilityStatus: Availability;
  readonly usedPercent: number | null;
  readonly windowMinutes: number | null;
  readonly resetsAt: number | null;
  readonly secondaryUsedPercent: number | null;
  readonly secondaryWindowMinutes: number | null;
  readonly secondaryResetsAt: number | null;
  readonly credits: Credits | null;
  readonly capturedAt: number;
}

/** The shortest window is the primary one. Null when nothing has been read yet. */
export function usageSnapshot(accountId: string, facts: AccountFacts, now: number): UsageSnapshot | null {
  if (!facts.reading) return null;
  const [primary, secondary] = currentWindows(facts, now);
  return {
    accountId,
    availabilityStatus: availability(facts, now),
    usedPercent: primary?.usedPercent ?? null,
    windowMinutes: primary?.minutes ?? null,
    resetsAt: primary?.resetsAt ?? null,
    secondaryUsedPercent: secondary?.usedPercent ?? null,
    secondaryWindowMinutes: secondary?.minutes ?? null,
    secondaryResetsAt: secondary?.resetsAt ?? null,
    credits: facts.reading.credits,
    capturedAt: facts.reading.at,
  };
}

function currentWindows(facts: AccountFacts, now: number): Window[] {
  const windows = facts.reading?.windows ?? [];
  return windows
    .map((window) => (window.resetsAt !== null && window.resetsAt <= now ? { ...window, usedPercent: 0 } : window))
    .toSorted((a, b) => a.minutes - b.minutes);
}
