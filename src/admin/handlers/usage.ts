// Quota readings over RPC, in the original's terms: the shortest window is its primary one, the longest its secondary.

import type { AccountSource } from "../../accounts/account-source.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import type { PoolAccount, Reading, Window } from "../../pool/account.ts";
import type { Handlers } from "../handler.ts";
import { done, toSeconds } from "../handler.ts";

export interface UsageDeps {
  readonly source: Pick<AccountSource, "list" | "find">;
  /** Reads the quota of one account, or of all, and resolves when the readings are taken over; failures stay with the account. */
  readonly refresh: (accountId: string | null) => Promise<void>;
}

type Snapshot = ResultOf<"account/usage/list">["items"][number];
type UsageMethod = "account/usage/read" | "account/usage/list" | "account/usage/refresh";

export function usageHandlers({ source, refresh }: UsageDeps): Handlers<UsageMethod> {
  function newest(accounts: readonly PoolAccount[]): Snapshot[] {
    const read = accounts.flatMap(({ id, facts }) => (facts.reading === null ? [] : [{ id, reading: facts.reading }]));
    return read.sort((a, b) => b.reading.at - a.reading.at).map(({ id, reading }) => toSnapshot(id, reading));
  }

  return {
    "account/usage/read": async ({ accountId }) => {
      const account = accountId === null ? null : source.find(accountId);
      const among = accountId === null ? source.list() : account === null ? [] : [account];
      return done({ snapshot: newest(among)[0] ?? null });
    },
    "account/usage/list": async () => done({ items: newest(source.list()) }),
    "account/usage/refresh": async ({ accountId }) => {
      await refresh(accountId);
      return done(null);
    },
  };
}

function toSnapshot(accountId: string, { windows, credits, at }: Reading): Snapshot {
  const byLength = windows.toSorted((a, b) => a.minutes - b.minutes);
  const primary = byLength[0] ?? null;
  const secondary = byLength.length > 1 ? (byLength.at(-1) ?? null) : null;
  return {
    accountId,
    availabilityStatus: availability(primary, secondary),
    usedPercent: primary?.usedPercent ?? null,
    windowMinutes: primary?.minutes ?? null,
    resetsAt: toSeconds(primary?.resetsAt ?? null),
    secondaryUsedPercent: secondary?.usedPercent ?? null,
    secondaryWindowMinutes: secondary?.minutes ?? null,
    secondaryResetsAt: toSeconds(secondary?.resetsAt ?? null),
    creditsJson:
      credits &&
      JSON.stringify({ has_credits: credits.hasCredits, unlimited: credits.isUnlimited, balance: credits.balance }),
    capturedAt: toSeconds(at),
  };
}

function availability(primary: Window | null, secondary: Window | null): Snapshot["availabilityStatus"] {
  if (primary === null) return "unknown";
  if (primary.usedPercent >= 100 || (secondary?.usedPercent ?? 0) >= 100) return "unavailable";
  return secondary === null ? "primary_window_available_only" : "available";
}
