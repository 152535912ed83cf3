// Has the request log forget what is beyond the limits of the settings, and the store kept answers and conversations
// nobody goes on with. How that is done without anybody waiting is theirs.

import type { Settings } from "../contract/settings/table.ts";
import type { Clock } from "../kit/clock.ts";
import type { Job } from "./job.ts";

export interface RetentionDeps {
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly requests: {
    /** Null where there is no limit; instants in epoch ms. */
    retain(limits: {
      readonly now: number;
      readonly requestsBefore: number | null;
      readonly usageBefore: number | null;
      readonly maxBytes: number | null;
    }): Promise<unknown>;
  };
  readonly responses: {
    /** Forgets kept answers from before an instant (epoch ms) or beyond the limits, the oldest first. */
    retain(limits: { readonly before: number; readonly maxCount: number; readonly maxBytes: number }): Promise<unknown>;
  };
  readonly bindings: {
    /** Forgets conversations that were last heard of before this instant (epoch ms). */
    prune(before: number): Promise<unknown>;
  };
}

const dayMs = 24 * 60 * 60_000;
const bytesPerMebibyte = 2 ** 20;
const intervalSeconds = 600;

export function retention({ settings, clock, requests, responses, bindings }: RetentionDeps): Job {
  const before = (days: number, now: number) => (days === 0 ? null : now - days * dayMs);
  return {
    name: "retention",
    firstDelaySeconds: 60,
    isEnabled: () => true,
    intervalSeconds: () => intervalSeconds,
    jitterSeconds: () => 30,
    backoffMaxSeconds: () => 3600,
    async run() {
      const { requestLog, keptResponses } = settings();
      const now = clock.now();
      await requests.retain({
        now,
        requestsBefore: before(requestLog.daysKept, now),
        usageBefore: before(requestLog.usageDaysKept, now),
        maxBytes: requestLog.maxMebibytes === 0 ? null : requestLog.maxMebibytes * bytesPerMebibyte,
      });
      await responses.retain({
        before: now - keptResponses.daysKept * dayMs,
        maxCount: keptResponses.maxCount,
        maxBytes: keptResponses.maxMebibytes * bytesPerMebibyte,
      });
      await bindings.prune(now - settings().routing.bindingDaysKept * dayMs);
      return "done";
    },
  };
}
