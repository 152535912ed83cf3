// Runs the background jobs, each in a loop of its own, from start to stop.

import type { Job, JobStatus } from "./job.ts";
import { Loop } from "./loop.ts";
import type { LoopParts } from "./loop.ts";

export interface RunnerOptions extends LoopParts {
  readonly jobs: readonly Job[];
  /** Calls the listener after each change of settings; returns the unsubscriber. */
  readonly onSettingsChange: (listener: () => void) => () => void;
}

export interface Runner {
  start(): void;
  /** In the order of the jobs. */
  status(): readonly JobStatus[];
  /** Breaks off what runs and starts nothing more. */
  stop(): void;
}

export function createRunner({ jobs, onSettingsChange, ...parts }: RunnerOptions): Runner {
  const loops = jobs.map((job) => new Loop(job, parts));
  let unsubscribe = () => {};
  return {
    start() {
      unsubscribe = onSettingsChange(() => {
        for (const loop of loops) loop.plan();
      });
      for (const loop of loops) loop.start();
    },
    status: () => loops.map((loop) => loop.status()),
    stop() {
      unsubscribe();
      for (const loop of loops) loop.stop();
    },
  };
}
