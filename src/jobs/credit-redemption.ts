// When every account is refused for quota and none is back soon, redeems one credit that empties an account's windows. Only when
// the user has switched it on; never twice for the same exhaustion.

import { hash } from "node:crypto";

import type { Settings } from "../contract/settings/table.ts";
import type { Clock } from "../kit/clock.ts";
import type { Block, PoolAccount } from "../pool/account.ts";
import { isQuotaBlock, mayProbe } from "../pool/eligibility.ts";
import type { Job } from "./job.ts";

export interface CreditRedemptionDeps {
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly source: { list(): readonly PoolAccount[] };
  readonly resetCredits: {
    redeem(
      accountId: string,
      requestId: string,
    ): Promise<{ readonly ok: true; readonly code: string } | { readonly ok: false; readonly message: string }>;
  };
}

interface Exhausted {
  readonly account: PoolAccount;
  /** Epoch ms. */
  readonly until: number;
}

export function creditRedemption({ settings, clock, source, resetCredits }: CreditRedemptionDeps): Job {
  /** By account: the end of the block for which the upstream has given its word. */
  const answered = new Map<string, number>();

  /** The account that would be away the longest; null when nothing is to be redeemed. */
  function choose(now: number): Exhausted | null {
    const exhausted = allExhausted(source.list(), now);
    if (exhausted === null) return null;
    const firstBackAt = Math.min(...exhausted.map(({ until }) => until));
    if (firstBackAt - now <= settings().routing.redeemWhenResetIsBeyondSeconds * 1000) return null;
    const able = exhausted.filter(
      ({ account, until }) => (account.facts.reading?.resetCredits ?? 0) > 0 && answered.get(account.id) !== until,
    );
    return able.reduce<Exhausted | null>((best, one) => (best === null || one.until > best.until ? one : best), null);
  }

  return {
    name: "credit-redemption",
    firstDelaySeconds: 60,
    isEnabled: () => settings().routing.redeemsResetCredits,
    intervalSeconds: () => 30,
    jitterSeconds: () => 0,
    backoffMaxSeconds: () => 900,
    async run() {
      const chosen = choose(clock.now());
      if (chosen === null) return "idle";
      const { account, until } = chosen;
      const redeemed = await resetCredits.redeem(account.id, redemptionId(account.id, until));
      if (!redeemed.ok) return { failed: `No reset of ${account.label} could be redeemed: ${redeemed.message}` };
      answered.set(account.id, until);
      return redeemed.code === "reset" || redeemed.code === "already_redeemed"
        ? "done"
        : { failed: `The upstream redeemed no reset of ${account.label}: ${redeemed.code}` };
    },
  };
}

/** Null unless every account that could serve at all is refused for quota, with nothing that speaks against the refusal. */
function allExhausted(accounts: readonly PoolAccount[], now: number): readonly Exhausted[] | null {
  const usable = accounts.filter(({ isEnabled, facts }) => isEnabled && facts.login.state === "ok");
  const exhausted = usable.flatMap((account): Exhausted[] => {
    const until = quotaBlockEnd(account.facts.blocks, now);
    return until === null || mayProbe(account, null, now) ? [] : [{ account, until }];
  });
  return exhausted.length === 0 || exhausted.length < usable.length ? null : exhausted;
}

function quotaBlockEnd(blocks: readonly Block[], now: number): number | null {
  const ends = blocks.filter((block) => block.model === null && block.until > now && isQuotaBlock(block));
  return ends.length === 0 ? null : Math.max(...ends.map(({ until }) => until));
}

/** A UUID that the same exhaustion always gets, so that after a restart too it costs one credit at most. */
export function redemptionId(accountId: string, until: number): string {
  const digits = hash("sha256", `${accountId} ${Math.round(until / 60_000)}`);
  const variant = "89ab"[parseInt(digits[16]!, 16) % 4];
  const groups = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
  ];
  return [...groups, digits.slice(20, 32)].join("-");
}
