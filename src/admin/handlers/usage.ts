// Quota readings over RPC.

import type { AccountSource } from "../../accounts/account-source.ts";
import type { MethodName, ResultOf } from "../../contract/rpc/table.ts";
import type { Clock } from "../../kit/clock.ts";
import type { PoolAccount } from "../../pool/account.ts";
import { usualTerms } from "../../pool/availability.ts";
import type { UsageSnapshot } from "../../usage/availability.ts";
import { usageSnapshot } from "../../usage/availability.ts";
import type { UsageRefresh } from "../../usage/refresh.ts";
import type { ResetCredits } from "../../usage/reset-credits.ts";
import type { Handlers } from "../handler.ts";
import { done, failed, toSeconds } from "../handler.ts";

export interface UsageDeps {
  readonly source: Pick<AccountSource, "list" | "find">;
  readonly usage: Pick<UsageRefresh, "refresh">;
  readonly resetCredits: ResetCredits;
  readonly clock: Clock;
}

type Item = ResultOf<"account/usage/list">["items"][number];
type UsageMethod = Extract<MethodName, `account/usage/${string}`>;

/** Why nothing was spent. */
const unspent = {
  nothing_to_reset: "nothing to reset: no quota window of this account is in use; no credit was spent",
  no_credit: "no credit: this account has none left that could be redeemed",
} as const;

export function usageHandlers({ source, usage, resetCredits, clock }: UsageDeps): Handlers<UsageMethod> {
  function newest(accounts: readonly PoolAccount[]): Item[] {
    const terms = { ...usualTerms, now: clock.now() };
    const snapshots = accounts.flatMap((account) => usageSnapshot(account, terms) ?? []);
    return snapshots.sort((a, b) => b.capturedAt - a.capturedAt).map(usageItem);
  }

  return {
    "account/usage/read": async ({ accountId }) => {
      const account = accountId === null ? null : source.find(accountId);
      const among = accountId === null ? source.list() : account === null ? [] : [account];
      return done({ snapshot: newest(among)[0] ?? null });
    },
    "account/usage/list": async () => done({ items: newest(source.list()) }),
    "account/usage/refresh": async ({ accountId }) => {
      await usage.refresh(accountId === null ? undefined : [accountId]);
      return done(null);
    },
    "account/usage/resetCredits": async () =>
      done({
        items: source
          .list()
          .filter(({ providerId }) => providerId === null)
          .map(creditsItem),
      }),
    "account/usage/resetCredit/consume": async ({ accountId }) => {
      const redeemed = await resetCredits.redeem(accountId);
      if (!redeemed.ok) return failed(redeemed.message);
      const { code, windowsReset } = redeemed;
      if (code === "nothing_to_reset" || code === "no_credit") return failed(unspent[code]);
      return done({ accountId, code, windowsReset });
    },
  };
}

function creditsItem({ id, facts }: PoolAccount): ResultOf<"account/usage/resetCredits">["items"][number] {
  const available = facts.reading?.resetCredits ?? null;
  // Only polls tell; what a newer reading of another kind has kept is older than itself.
  const isToldNow = available !== null && facts.reading?.source === "poll";
  return { accountId: id, available, asOf: isToldNow ? toSeconds(facts.reading?.at ?? null) : null };
}

export function usageItem({ credits, families, ...snapshot }: UsageSnapshot): Item {
  const { resetsAt, secondaryResetsAt, capturedAt } = snapshot;
  return {
    ...snapshot,
    resetsAt: toSeconds(resetsAt),
    secondaryResetsAt: toSeconds(secondaryResetsAt),
    capturedAt: toSeconds(capturedAt),
    families: families.map(({ windows, ...family }) => ({
      ...family,
      capturedAt: toSeconds(family.capturedAt),
      windows: windows.map(({ minutes, usedPercent, resetsAt: end }) => ({
        windowMinutes: minutes,
        usedPercent,
        resetsAt: toSeconds(end),
      })),
    })),
    creditsJson:
      credits &&
      JSON.stringify({ has_credits: credits.hasCredits, unlimited: credits.isUnlimited, balance: credits.balance }),
  };
}
