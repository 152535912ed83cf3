// A few thousand seeds of the simulation, on all cores; `npm run simulate` runs more.

import { expect, test } from "vitest";
import { runCrew } from "./crew.ts";
import { drawSteps } from "./draw-steps.ts";
import { simulate } from "./simulation.ts";

const SEEDS = 2000;

test("no seed of many breaks a rule", { timeout: 300_000 }, async () => {
  const { failures, seeds } = await runCrew({
    from: 0,
    seeds: SEEDS,
    mostFailures: 1,
    tells: true,
    progress: () => {},
  });
  expect(failures.map(({ told, what }) => told ?? what).join("\n")).toBe("");
  expect(seeds).toBe(SEEDS);
});

test("the same seed always takes the same course", async () => {
  const told = async () => {
    const lines: string[] = [];
    await simulate(11, drawSteps(11), (line) => lines.push(line));
    return lines;
  };
  const once = await told();
  expect(once.length).toBeGreaterThan(50);
  expect(await told()).toEqual(once);
});
