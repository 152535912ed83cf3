// Renews logins before their access tokens expire, so that no request has to wait for it.

import type { Failure } from "../contract/failure.ts";
import type { Settings } from "../contract/settings/table.ts";
import type { Clock } from "../kit/clock.ts";
import type { PoolAccount } from "../pool/account.ts";
import type { Job } from "./job.ts";

type RenewalResult = { readonly ok: true } | { readonly ok: false; readonly failure: Failure };

export interface TokenRenewalDeps {
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly source: { find(accountId: string): PoolAccount | null };
  readonly tokens: {
    /** Accounts whose token ends within `aheadMs`, without those the issuer has refused for good. */
    due(aheadMs: number): Promise<readonly string[]>;
    /** Null when there is nothing to renew. */
    renewAhead(accountId: string, aheadMs: number): Promise<RenewalResult | null>;
  };
}

/** As the original: ten minutes ahead, at most 256 in a round. */
const aheadMs = 600_000;
const mostPerRound = 256;
const atOnce = 4;
const backoffMaxSeconds = 300;

interface Tally {
  renewed: number;
  readonly troubles: string[];
}

export function tokenRenewal({ settings, clock, source, tokens }: TokenRenewalDeps): Job {
  /** When accounts that are still due were tried. Epoch ms. */
  let triedAt = new Map<string, number>();

  /** Those never tried first, then those tried longest ago: nobody waits for ever behind logins that fail. */
  async function choose(): Promise<string[]> {
    const due = (await tokens.due(aheadMs)).filter((id) => {
      const account = source.find(id);
      return account !== null && account.isEnabled && account.facts.login.state === "ok";
    });
    triedAt = new Map(due.map((id) => [id, triedAt.get(id) ?? 0]));
    return due.sort((a, b) => triedAt.get(a)! - triedAt.get(b)!).slice(0, mostPerRound);
  }

  async function renew(accountId: string, tally: Tally): Promise<void> {
    triedAt.set(accountId, clock.now());
    const result = await tokens.renewAhead(accountId, aheadMs);
    if (result === null) return;
    // A final refusal has been written down with the account; the round has done its work.
    if (result.ok || result.failure.class === "credential") tally.renewed += 1;
    else tally.troubles.push(result.failure.message);
  }

  return {
    name: "token-renewal",
    firstDelaySeconds: 10,
    isEnabled: () => settings().jobs.isTokenRenewalEnabled,
    intervalSeconds: () => settings().jobs.tokenRenewalIntervalSeconds,
    jitterSeconds: () => 0,
    backoffMaxSeconds: () => backoffMaxSeconds,
    async run(signal) {
      const tally: Tally = { renewed: 0, troubles: [] };
      const queue = (await choose()).values();
      const work = async () => {
        for (const accountId of queue) {
          if (signal.aborted) return;
          await renew(accountId, tally);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      const [trouble] = tally.troubles;
      if (tally.renewed > 0) return "done";
      if (trouble === undefined) return "idle";
      return { failed: `None of ${tally.troubles.length} logins could be renewed; the first: ${trouble}` };
    },
  };
}
