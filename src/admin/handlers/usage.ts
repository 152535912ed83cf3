// Quota readings over RPC.

import type { AccountSource } from "../../accounts/account-source.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import type { Clock } from "../../kit/clock.ts";
import type { PoolAccount } from "../../pool/account.ts";
import { usualTerms } from "../../pool/availability.ts";
import type { UsageSnapshot } from "../../usage/availability.ts";
import { usageSnapshot } from "../../usage/availability.ts";
import type { UsageRefresh } from "../../usage/refresh.ts";
import type { Handlers } from "../handler.ts";
import { done, toSeconds } from "../handler.ts";

export interface UsageDeps {
  readonly source: Pick<AccountSource, "list" | "find">;
  readonly usage: UsageRefresh;
  readonly clock: Clock;
}

type Item = ResultOf<"account/usage/list">["items"][number];
type UsageMethod = "account/usage/read" | "account/usage/list" | "account/usage/refresh";

export function usageHandlers({ source, usage, clock }: UsageDeps): Handlers<UsageMethod> {
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
  };
}

export function usageItem({ credits, ...snapshot }: UsageSnapshot): Item {
  const { resetsAt, secondaryResetsAt, capturedAt } = snapshot;
  return {
    ...snapshot,
    resetsAt: toSeconds(resetsAt),
    secondaryResetsAt: toSeconds(secondaryResetsAt),
    capturedAt: toSeconds(capturedAt),
    creditsJson:
      credits &&
      JSON.stringify({ has_credits: credits.hasCredits, unlimited: credits.isUnlimited, balance: credits.balance }),
  };
}
