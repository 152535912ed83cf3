// Reads the model catalogue through the pool, which keeps both the catalogue and the connections behind it warm.

import type { Settings } from "../contract/settings/table.ts";
import type { PoolAccount } from "../pool/account.ts";
import type { Job } from "./job.ts";

export interface KeepaliveDeps {
  readonly settings: () => Settings;
  readonly source: { list(): readonly PoolAccount[] };
  readonly catalogue: {
    /** Asks the upstream again; false when no account was answered. */
    refresh(): Promise<boolean>;
  };
}

export function keepalive({ settings, source, catalogue }: KeepaliveDeps): Job {
  return {
    name: "keepalive",
    firstDelaySeconds: 30,
    isEnabled: () => settings().jobs.isKeepaliveEnabled,
    intervalSeconds: () => settings().jobs.keepaliveIntervalSeconds,
    jitterSeconds: () => settings().jobs.keepaliveJitterSeconds,
    backoffMaxSeconds: () => settings().jobs.keepaliveBackoffMaxSeconds,
    async run() {
      const canAsk = source.list().some(({ isEnabled, facts }) => isEnabled && facts.login.state === "ok");
      if (!canAsk) return "idle";
      return (await catalogue.refresh()) ? "done" : { failed: "No account was answered when asked for its models." };
    },
  };
}
