// All background jobs. A new one is a file here and a line below.

import type { Job } from "./job.ts";
import type { KeepaliveDeps } from "./keepalive.ts";
import { keepalive } from "./keepalive.ts";
import type { RetentionDeps } from "./retention.ts";
import { retention } from "./retention.ts";
import type { TokenRenewalDeps } from "./token-renewal.ts";
import { tokenRenewal } from "./token-renewal.ts";
import type { UsagePollingDeps } from "./usage-polling.ts";
import { usagePolling } from "./usage-polling.ts";

export type JobDeps = UsagePollingDeps & TokenRenewalDeps & KeepaliveDeps & RetentionDeps;

const makers: readonly ((deps: JobDeps) => Job)[] = [usagePolling, tokenRenewal, keepalive, retention];

export function createJobs(deps: JobDeps): readonly Job[] {
  return makers.map((make) => make(deps));
}
