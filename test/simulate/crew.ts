// Spreads seeds over the machine's cores, a stretch at a time, and gathers what came of them.

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { SeedFailure, StretchEnd } from "./worker.ts";

export interface CrewOptions {
  readonly from: number;
  readonly seeds: number;
  /** Ends after so many failing seeds. */
  readonly mostFailures: number;
  readonly tells: boolean;
  /** Where the simulation to run stands; this folder unless it is another copy's. */
  readonly folder?: string;
  progress(soFar: Tally): void;
  readonly signal?: AbortSignal;
}

export interface Tally {
  seeds: number;
  turns: number;
  attempts: number;
  readonly failures: SeedFailure[];
}

const STRETCH = 25;

export async function runCrew(options: CrewOptions): Promise<Tally> {
  const tally: Tally = { seeds: 0, turns: 0, attempts: 0, failures: [] };
  const end = options.from + options.seeds;
  let next = options.from;
  const isOver = () => next >= end || options.signal?.aborted || tally.failures.length >= options.mostFailures;
  async function work(): Promise<void> {
    const worker = new Worker(new URL("worker.ts", `file://${options.folder ?? import.meta.dirname}/`));
    while (!isOver()) {
      const from = next;
      const count = Math.min(STRETCH, end - from);
      next += count;
      take(await ask(worker, { from, count, tells: options.tells }));
    }
    await worker.terminate();
  }
  function take({ count, turns, attempts, failures }: StretchEnd): void {
    tally.seeds += count;
    tally.turns += turns;
    tally.attempts += attempts;
    tally.failures.push(...failures);
    options.progress(tally);
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return tally;
}

function ask(worker: Worker, stretch: object): Promise<StretchEnd> {
  return new Promise((resolve, reject) => {
    worker.once("message", (end: StretchEnd) => {
      worker.off("error", reject);
      resolve(end);
    });
    worker.once("error", reject);
    worker.postMessage(stretch, []);
  });
}
