// The background jobs of the service: what they work on, and where their trouble is told.

import type { Gateway } from "../gateway/gateway.ts";
import { createJobs } from "../jobs/index.ts";
import type { JobStatus } from "../jobs/job.ts";
import type { Runner } from "../jobs/runner.ts";
import { createRunner } from "../jobs/runner.ts";
import type { Core } from "./open-core.ts";

/** They stand still until they are started. */
export function serviceJobs(core: Core, gateway: Gateway, onChange: (status: JobStatus) => void): Runner {
  const { settings, clock, logins, usage, resetCredits, tokens, requests, store, log } = core;
  const { bindings, responses } = store;
  const catalogue = { refresh: () => gateway.refreshModels() };
  return createRunner({
    jobs: createJobs({
      settings: () => settings.current,
      clock,
      source: logins,
      usage,
      resetCredits,
      tokens,
      catalogue,
      requests,
      bindings,
      responses,
    }),
    clock,
    random: Math.random,
    onSettingsChange: (listener) => settings.onChange(listener),
    onFailure: (job, message) => log.warn(`${job}: ${message}`),
    onChange,
    reportBug: (job, error) => log.error(`${job} failed for a reason of our own`, { error }),
  });
}
