// `npm run bench:routing`: what a choice costs, and how the rules fare over a simulated week.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { measureChoices, showChoices } from "./choice-cost.ts";
import { compare, showWorld } from "./week/compare.ts";
import { columns } from "./week/figures.ts";
import { writePages } from "./week/page.ts";
import { ruleEntries } from "./week/rules/index.ts";
import { worlds } from "./week/worlds.ts";

const usage = `npm run bench:routing -- [--only choice|week] [--rules TEXT,…] [--worlds NAME,…] [--seeds N] [--quick] [--json FILE] [--docs]
  --only    choice: what a choice costs; week: the simulated week
  --rules   those whose name contains one of the texts: ${ruleEntries.map(({ name }) => name).join(", ")}
  --worlds  ${worlds.map(({ name }) => name).join(", ")}
  --seeds   weeks per world; 5 unless said otherwise
  --quick   one seed, and fewer choices
  --json    writes the figures to a file, too
  --docs    puts the tables into docs/*/routing.md`;

interface Options {
  readonly only: string | null;
  readonly rules: typeof ruleEntries;
  readonly worlds: typeof worlds;
  readonly seeds: number;
  readonly isQuick: boolean;
  readonly file: string | null;
  readonly isForDocs: boolean;
}

function readOptions(): Options | string {
  const text = { type: "string" } as const;
  const options = {
    only: text,
    rules: text,
    worlds: text,
    seeds: text,
    json: text,
    quick: { type: "boolean" },
    docs: { type: "boolean" },
  } as const;
  try {
    const { values } = parseArgs({ options });
    const isQuick = values.quick === true;
    const seeds = Number(values.seeds ?? (isQuick ? 1 : 5));
    if (!Number.isInteger(seeds) || seeds < 1) return "--seeds takes a number from 1 on.";
    if (values.only !== undefined && !["choice", "week"].includes(values.only)) return "--only takes choice or week.";
    const rules = named(ruleEntries, values.rules);
    const chosen = named(worlds, values.worlds);
    if (rules.length === 0 || chosen.length === 0) return "No rule or no world has such a name.";
    const { only = null, json: file = null, docs: isForDocs = false } = values;
    return { only, rules, worlds: chosen, seeds, isQuick, file, isForDocs };
  } catch (error) {
    return (error as Error).message;
  }
}

function named<E extends { readonly name: string }>(entries: readonly E[], texts: string | undefined): readonly E[] {
  if (texts === undefined) return entries;
  return entries.filter(({ name }) => texts.split(",").some((text) => name.includes(text)));
}

function main(): number {
  const options = readOptions();
  if (typeof options === "string") {
    console.error(`${options}\n${usage}`);
    return 1;
  }
  const { only, rules, seeds, isQuick, file, isForDocs } = options;
  const choices = only === "week" ? [] : measureChoices(isQuick);
  if (choices.length > 0) console.log(`${showChoices(choices)}\n`);
  const weeks = (only === "choice" ? [] : options.worlds).map((world) => {
    const result = compare(world, rules, seeds);
    console.log(`${showWorld(result)}\n`);
    return result;
  });
  if (weeks.length > 0) {
    console.log(columns.map(({ label, says }) => `${label}: ${says}`).join("\n"));
    console.log(`* nobody is better; ± standard deviation over the seeds`);
  }
  if (file !== null) writeFileSync(file, `${JSON.stringify({ choices, weeks }, null, 2)}\n`);
  if (isForDocs) writePages(choices, weeks);
  return 0;
}

process.exitCode = main();
