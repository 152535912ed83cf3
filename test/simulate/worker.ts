// One thread of a long simulation: runs the seeds it is given, a stretch at a time.

import { parentPort } from "node:worker_threads";
import { drawSteps } from "./draw-steps.ts";
import { simulate } from "./simulation.ts";
import { tellFailure } from "./tell-failure.ts";

export interface Stretch {
  readonly from: number;
  readonly count: number;
  /** Failing seeds are told of in full so often; beyond that only counted. */
  readonly tells: boolean;
}

export interface StretchEnd {
  readonly count: number;
  readonly turns: number;
  readonly attempts: number;
  readonly failures: readonly SeedFailure[];
}

export interface SeedFailure {
  readonly seed: number;
  readonly rule: string;
  readonly what: string;
  /** The whole story, when it was asked for. */
  readonly told: string | null;
}

async function runStretch({ from, count, tells }: Stretch): Promise<StretchEnd> {
  const failures: SeedFailure[] = [];
  let turns = 0;
  let attempts = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const end = await simulate(seed, drawSteps(seed));
    turns += end.turns;
    attempts += end.attempts;
    if (end.violation === null) continue;
    const { rule, what } = end.violation;
    const isTold = tells && !failures.some((other) => other.rule === rule);
    failures.push({ seed, rule, what, told: isTold ? await tellFailure(seed, rule) : null });
  }
  return { count, turns, attempts, failures };
}

parentPort?.on("message", (stretch: Stretch) => {
  void runStretch(stretch).then((end) => parentPort?.postMessage(end, []));
});
