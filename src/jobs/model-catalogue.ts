// Keeps the list of models fresh: reads it again when the last reading, whoever made it, has grown old.

import type { Settings } from "../contract/settings/table.ts";
import type { Clock } from "../kit/clock.ts";
import type { PoolAccount } from "../pool/account.ts";
import type { Job } from "./job.ts";

export interface CatalogueReads {
  /** Asks the upstream again; false when no account was answered. */
  refresh(): Promise<boolean>;
}

/** Reads that remember when the last one was answered. */
export interface DatedReads extends CatalogueReads {
  /** Epoch ms; null before the first answer. */
  readonly answeredAt: number | null;
}

export interface ModelCatalogueDeps {
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly source: { list(): readonly PoolAccount[] };
}

/** Jobs that share these know of each other's reads, and never make one twice. */
export function datedReads(catalogue: CatalogueReads, clock: Clock): DatedReads {
  let answeredAt: number | null = null;
  return {
    get answeredAt() {
      return answeredAt;
    },
    async refresh() {
      const isAnswered = await catalogue.refresh();
      if (isAnswered) answeredAt = clock.now();
      return isAnswered;
    },
  };
}

/** Looking costs nothing; what is old is read within this time. */
const longestLookSeconds = 60;
const backoffMaxSeconds = 900;

export function modelCatalogue({ settings, clock, source }: ModelCatalogueDeps, reads: DatedReads): Job {
  const intervalSeconds = () => settings().jobs.modelCatalogueIntervalSeconds;
  return {
    name: "model-catalogue",
    firstDelaySeconds: 60,
    isEnabled: () => settings().jobs.isModelCatalogueEnabled,
    intervalSeconds: () => Math.min(longestLookSeconds, intervalSeconds()),
    jitterSeconds: () => settings().jobs.keepaliveJitterSeconds,
    backoffMaxSeconds: () => backoffMaxSeconds,
    async run() {
      const { answeredAt } = reads;
      const age = answeredAt === null ? Infinity : Math.abs(clock.now() - answeredAt);
      if (age < intervalSeconds() * 1000 || !canBeAsked(source.list())) return "idle";
      return (await reads.refresh()) ? "done" : { failed: unanswered };
    },
  };
}

export const unanswered = "No account was answered when asked for its models.";

/** Whether some account could be asked for its models. */
export function canBeAsked(accounts: readonly PoolAccount[]): boolean {
  return accounts.some(({ isEnabled, facts }) => isEnabled && facts.login.state === "ok");
}
