// Tells of a seed that broke a rule: which, by what shortest course of events, and how to see it again.

import { drawSteps } from "./draw-steps.ts";
import { keepOnly, type Kept, shrink } from "./shrink.ts";
import { simulate } from "./simulation.ts";

/** What the invariant's name says, as a sentence. */
export function asSentence(rule: string): string {
  const words = rule.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export async function tellFailure(seed: number, rule: string, from?: Kept): Promise<string> {
  const steps = drawSteps(seed);
  const kept = await shrink(seed, steps, rule, from ?? steps.map((_, place) => place));
  const lines: string[] = [];
  const { violation } = await simulate(seed, keepOnly(steps, kept), (line) => lines.push(line));
  return [
    `Seed ${seed} breaks a rule: ${asSentence(rule)}.`,
    `  ${violation?.what ?? "It holds when the run is told about."}`,
    `The shortest course of events that was found (${kept.length} of ${steps.length} steps):`,
    ...lines.map((line) => `  ${line}`),
    `See it again: npm run simulate -- --seed ${seed} --steps ${kept.join(",")}`,
  ].join("\n");
}
