// Finds the fewest steps with which a run still breaks the same rule: drops ever smaller pieces of the list, as long as the
// rule is still broken without them.

import { simulate } from "./simulation.ts";
import type { Step } from "./step.ts";

/** Places in the list of steps. */
export type Kept = readonly number[];

const MOST_RUNS = 400;

export function keepOnly(steps: readonly Step[], kept: Kept): readonly Step[] {
  return kept.flatMap((place) => steps[place] ?? []);
}

/** The same for the same seed, since it is bounded by runs and not by time. */
export async function shrink(seed: number, steps: readonly Step[], rule: string, from: Kept): Promise<Kept> {
  let kept = from;
  let runs = 0;
  async function stillBreaks(fewer: Kept): Promise<boolean> {
    runs += 1;
    return (await simulate(seed, keepOnly(steps, fewer))).violation?.rule === rule;
  }
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1 && runs < MOST_RUNS;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < kept.length && runs < MOST_RUNS;) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (await stillBreaks(fewer)) kept = fewer;
      else at += size;
    }
  }
  return kept;
}
