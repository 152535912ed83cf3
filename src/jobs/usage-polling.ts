// Reads the quota of accounts whose reading has grown old, whoever took it. The interval is cut into slots, and each slot
// asks for its share only, so that a large pool makes no burst at any time.

import type { Settings } from "../contract/settings/table.ts";
import type { Clock } from "../kit/clock.ts";
import type { PoolAccount } from "../pool/account.ts";
import type { Job } from "./job.ts";

export interface UsagePollingDeps {
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly source: { list(): readonly PoolAccount[] };
  readonly usage: {
    refresh(
      accountIds: readonly string[],
      signal: AbortSignal,
    ): Promise<{
      readonly refreshed: readonly string[];
      readonly failed: readonly { readonly accountId: string; readonly message: string }[];
    }>;
  };
}

/** A slot is a sixtieth of the interval, but at least a second and at most half a minute: new accounts wait no longer. */
const slotsPerInterval = 60;
const longestSlotSeconds = 30;
/** However late a slot comes, e.g. after the machine has slept, it asks for no more than this part of all accounts. */
const largestShare = 0.1;

export function usagePolling({ settings, clock, source, usage }: UsagePollingDeps): Job {
  const intervalMs = () => settings().jobs.usagePollIntervalSeconds * 1000;
  const slotSeconds = () =>
    Math.min(longestSlotSeconds, Math.max(1, settings().jobs.usagePollIntervalSeconds / slotsPerInterval));
  /** When accounts were asked about without success, which leaves no reading. Epoch ms. */
  const failedAt = new Map<string, number>();
  let lastSlotAt: number | null = null;

  /** As many accounts as it takes to ask for each once per interval, but never fewer than can be asked at once. */
  function portion(count: number, now: number): number {
    const elapsedMs = lastSlotAt === null ? slotSeconds() * 1000 : now - lastSlotAt;
    const share = Math.min(Math.max(0, elapsedMs / intervalMs()), largestShare);
    return Math.max(settings().jobs.usageRefreshWorkers, Math.ceil(count * share));
  }

  function dueAccounts(now: number): string[] {
    // A moment that is still to come is a clock that was set back.
    const isOld = (at: number) => at > now || now - at >= intervalMs();
    for (const [id, at] of failedAt) if (isOld(at)) failedAt.delete(id);
    const readable = source.list().filter(({ isEnabled, facts }) => isEnabled && facts.login.state === "ok");
    const due = readable.filter(({ id, facts }) => !failedAt.has(id) && isOld(facts.reading?.at ?? 0));
    due.sort((a, b) => (a.facts.reading?.at ?? 0) - (b.facts.reading?.at ?? 0));
    return due.slice(0, portion(readable.length, now)).map(({ id }) => id);
  }

  return {
    name: "usage-polling",
    firstDelaySeconds: 30,
    isEnabled: () => settings().jobs.isUsagePollingEnabled,
    intervalSeconds: slotSeconds,
    jitterSeconds: () => settings().jobs.usagePollJitterSeconds,
    backoffMaxSeconds: () => settings().jobs.usagePollBackoffMaxSeconds,
    async run(signal) {
      const now = clock.now();
      const due = dueAccounts(now);
      lastSlotAt = now;
      if (due.length === 0) return "idle";
      const { refreshed, failed } = await usage.refresh(due, signal);
      for (const { accountId } of failed) failedAt.set(accountId, now);
      const [first] = failed;
      if (refreshed.length > 0 || first === undefined) return "done";
      return { failed: `No quota could be read of ${failed.length} accounts; the first: ${first.message}` };
    },
  };
}
