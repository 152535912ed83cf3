// An account's newest reading in the shape of the original's snapshots, with the four words its clients know. Pure.

import type { Credits, PoolAccount, Reading, ReadingSource, Window } from "../pool/account.ts";
import { type AvailabilityTerms, availability, currentWindows } from "../pool/availability.ts";

/** The original's word for how an account is doing. */
export type AvailabilityStatus = "available" | "primary_window_available_only" | "unavailable" | "unknown";

/** With instants in epoch ms. */
export interface UsageSnapshot {
  readonly accountId: string;
  readonly availabilityStatus: AvailabilityStatus;
  readonly usedPercent: number | null;
  readonly windowMinutes: number | null;
  readonly resetsAt: number | null;
  readonly secondaryUsedPercent: number | null;
  readonly secondaryWindowMinutes: number | null;
  readonly secondaryResetsAt: number | null;
  readonly credits: Credits | null;
  readonly capturedAt: number;
  readonly source: ReadingSource;
  /** Resets that can be redeemed; null when nobody has told. */
  readonly resetCredits: number | null;
  /** Every quota there is a reading of, the main one first. */
  readonly families: readonly FamilySnapshot[];
}

export interface FamilySnapshot {
  readonly family: string;
  /** The shortest first. */
  readonly windows: readonly Window[];
  readonly isLimitReached: boolean;
  readonly source: ReadingSource;
  readonly capturedAt: number;
}

/** What the user has switched off may well have quota left: the original tells the two apart. */
export function availabilityStatus(account: PoolAccount, terms: AvailabilityTerms): AvailabilityStatus {
  const windows = currentWindows(account.facts.reading, terms.now);
  switch (availability({ ...account, isEnabled: true }, terms).state) {
    case "cooling":
    case "exhausted":
    case "sign_in":
    case "no_access":
      return "unavailable";
    default:
      return byWindows(windows);
  }
}

function byWindows(windows: readonly Window[]): AvailabilityStatus {
  if (windows.length === 0) return "unknown";
  return windows.length === 1 ? "primary_window_available_only" : "available";
}

/** The shortest window is the primary one. Null when nothing has been read yet. */
export function usageSnapshot(account: PoolAccount, terms: AvailabilityTerms): UsageSnapshot | null {
  const { reading, otherReadings } = account.facts;
  if (!reading) return null;
  const [primary, secondary] = currentWindows(reading, terms.now);
  return {
    accountId: account.id,
    availabilityStatus: availabilityStatus(account, terms),
    usedPercent: primary?.usedPercent ?? null,
    windowMinutes: primary?.minutes ?? null,
    resetsAt: primary?.resetsAt ?? null,
    secondaryUsedPercent: secondary?.usedPercent ?? null,
    secondaryWindowMinutes: secondary?.minutes ?? null,
    secondaryResetsAt: secondary?.resetsAt ?? null,
    credits: reading.credits,
    capturedAt: reading.at,
    source: reading.source,
    resetCredits: reading.resetCredits,
    families: [reading, ...otherReadings].map((each) => familySnapshot(each, terms.now)),
  };
}

function familySnapshot(reading: Reading, now: number): FamilySnapshot {
  const { family, isLimitReached, source, at } = reading;
  return { family, windows: currentWindows(reading, now), isLimitReached, source, capturedAt: at };
}
