// Keeps connections to the upstream warm. A connection stays open only by being used, and the smallest thing to ask for that
// costs no quota is the list of models; how fresh that list must be is not decided here but in model-catalogue.ts.

import type { Settings } from "../contract/settings/table.ts";
import type { PoolAccount } from "../pool/account.ts";
import type { Job } from "./job.ts";
import { canBeAsked, type CatalogueReads, unanswered } from "./model-catalogue.ts";

export interface KeepaliveDeps {
  readonly settings: () => Settings;
  readonly source: { list(): readonly PoolAccount[] };
}

export function keepalive({ settings, source }: KeepaliveDeps, reads: CatalogueReads): Job {
  return {
    name: "keepalive",
    firstDelaySeconds: 30,
    isEnabled: () => settings().jobs.isKeepaliveEnabled,
    intervalSeconds: () => settings().jobs.keepaliveIntervalSeconds,
    jitterSeconds: () => settings().jobs.keepaliveJitterSeconds,
    backoffMaxSeconds: () => settings().jobs.keepaliveBackoffMaxSeconds,
    async run() {
      if (!canBeAsked(source.list())) return "idle";
      return (await reads.refresh()) ? "done" : { failed: unanswered };
    },
  };
}
