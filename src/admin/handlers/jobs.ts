// The background jobs over RPC.

import type { jobMethods } from "../../contract/rpc/areas/jobs.ts";
import type { ResultOf } from "../../contract/rpc/table.ts";
import type { Handlers } from "../handler.ts";
import { done, toSeconds } from "../handler.ts";

/** As in the contract, with instants in epoch ms. */
type JobFacts = ResultOf<"jobs/list">["items"][number];

/** The jobs as they are now, in their order. */
export type JobList = () => readonly JobFacts[];

export function jobHandlers(list: JobList): Handlers<keyof typeof jobMethods> {
  return {
    "jobs/list": async () => done({ items: list().map(jobItem) }),
  };
}

export function jobItem({ lastRunAt, lastEndedAt, nextRunAt, ...facts }: JobFacts): JobFacts {
  return {
    ...facts,
    lastRunAt: toSeconds(lastRunAt),
    lastEndedAt: toSeconds(lastEndedAt),
    nextRunAt: toSeconds(nextRunAt),
  };
}
