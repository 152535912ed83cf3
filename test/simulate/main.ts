// `npm run simulate`: runs many seeds on all cores, or one seed again, or shows by mutations that removed branches are
// noticed.

import { parseArgs } from "node:util";
import { runCrew, type Tally } from "./crew.ts";
import { drawSteps } from "./draw-steps.ts";
import { mutate } from "./mutate.ts";
import { keepOnly, type Kept } from "./shrink.ts";
import { simulate } from "./simulation.ts";
import { asSentence, tellFailure } from "./tell-failure.ts";

const USAGE = `npm run simulate -- [--seeds 10000] [--from 0]          many seeds
npm run simulate -- --seed 17 [--steps 0,3,5]           one seed, told step by step
npm run simulate -- --seed 17 --whole                    the same, not shortened
npm run simulate -- --mutate [--seeds 300] [--only name] remove branches one by one and see that a seed fails`;

const MOST_FAILURES = 5;
const PROGRESS_EVERY_MS = 5_000;

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "0" },
    seed: { type: "string" },
    steps: { type: "string" },
    whole: { type: "boolean", default: false },
    mutate: { type: "boolean", default: false },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(USAGE);
else if (values.mutate)
  process.exitCode = await mutate({ seeds: Number(values.seeds ?? 300), only: values.only ?? null });
else if (values.seed !== undefined) process.exitCode = await replay(Number(values.seed));
else process.exitCode = await runMany(Number(values.from), Number(values.seeds ?? 10_000));

async function replay(seed: number): Promise<number> {
  const steps = drawSteps(seed);
  const kept: Kept = values.steps?.split(",").map(Number) ?? steps.map((_, place) => place);
  const lines: string[] = [];
  const { violation } = await simulate(seed, keepOnly(steps, kept), (line) => lines.push(line));
  if (violation !== null && !values.whole) {
    console.log(await tellFailure(seed, violation.rule, kept));
    return 1;
  }
  for (const line of lines) console.log(line);
  console.log(violation === null ? "No rule is broken." : `${asSentence(violation.rule)}: ${violation.what}`);
  return violation === null ? 0 : 1;
}

async function runMany(from: number, seeds: number): Promise<number> {
  const startedAt = performance.now();
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  let toldAt = startedAt;
  const tally = await runCrew({
    from,
    seeds,
    mostFailures: MOST_FAILURES,
    tells: true,
    signal: stop.signal,
    progress(soFar) {
      if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = performance.now();
      console.log(inWords(soFar, startedAt, seeds));
    },
  });
  for (const { told } of tally.failures) if (told !== null) console.log(`\n${told}`);
  console.log(`\n${stop.signal.aborted ? "Stopped. " : ""}${inWords(tally, startedAt, seeds)}`);
  const failing = tally.failures.map(({ seed, rule }) => `${seed} (${asSentence(rule)})`);
  console.log(failing.length === 0 ? "No rule is broken." : `Failing seeds: ${failing.join(", ")}`);
  return failing.length === 0 ? 0 : 1;
}

function inWords({ seeds, turns, attempts, failures }: Tally, startedAt: number, wanted: number): string {
  const seconds = (performance.now() - startedAt) / 1000;
  const rate = seeds / seconds;
  const rest = rate === 0 ? "" : `, ${Math.ceil((wanted - seeds) / rate)} s to go`;
  const sums = `${turns} requests, ${attempts} tries`;
  return `${seeds} of ${wanted} seeds in ${seconds.toFixed(0)} s (${rate.toFixed(0)} a second${seeds < wanted ? rest : ""}): ${sums}, ${failures.length} failing`;
}
