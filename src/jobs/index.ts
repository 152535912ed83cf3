// All background jobs. A new one is a file here and a line below.

import type { CreditRedemptionDeps } from "./credit-redemption.ts";
import { creditRedemption } from "./credit-redemption.ts";
import type { Job } from "./job.ts";
import type { KeepaliveDeps } from "./keepalive.ts";
import { keepalive } from "./keepalive.ts";
import type { CatalogueReads, ModelCatalogueDeps } from "./model-catalogue.ts";
import { datedReads, modelCatalogue } from "./model-catalogue.ts";
import type { RecoveryProbesDeps } from "./recovery-probes.ts";
import { recoveryProbes } from "./recovery-probes.ts";
import type { RetentionDeps } from "./retention.ts";
import { retention } from "./retention.ts";
import type { TokenRenewalDeps } from "./token-renewal.ts";
import { tokenRenewal } from "./token-renewal.ts";
import type { UsagePollingDeps } from "./usage-polling.ts";
import { usagePolling } from "./usage-polling.ts";

export type JobDeps = UsagePollingDeps &
  RecoveryProbesDeps &
  CreditRedemptionDeps &
  TokenRenewalDeps &
  KeepaliveDeps &
  ModelCatalogueDeps &
  RetentionDeps & { readonly catalogue: CatalogueReads };

export function createJobs(deps: JobDeps): readonly Job[] {
  const reads = datedReads(deps.catalogue, deps.clock);
  return [
    usagePolling(deps),
    recoveryProbes(deps),
    creditRedemption(deps),
    tokenRenewal(deps),
    keepalive(deps, reads),
    modelCatalogue(deps, reads),
    retention(deps),
  ];
}
