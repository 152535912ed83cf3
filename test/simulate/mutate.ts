// Shows that the simulation notices what it is there for: takes one branch away at a time, in a copy of the source, and
// runs seeds until one fails.

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCrew } from "./crew.ts";
import { type Mutation, mutations } from "./mutations.ts";
import { asSentence } from "./tell-failure.ts";

const root = join(import.meta.dirname, "../..");

export async function mutate({ seeds, only }: { seeds: number; only: string | null }): Promise<number> {
  const chosen = mutations.filter(({ name }) => only === null || name.includes(only));
  let survivors = 0;
  for (const mutation of chosen) {
    const startedAt = performance.now();
    const found = await firstFailure(mutation, seeds);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    if (found === null) survivors += 1;
    const end = found === null ? "SURVIVED" : `killed by seed ${found.seed}: ${asSentence(found.rule)}`;
    console.log(`${mutation.name.padEnd(52)} ${end} (${seconds} s)`);
  }
  console.log(`${chosen.length - survivors} of ${chosen.length} killed`);
  return survivors === 0 ? 0 : 1;
}

/** Of a whole copy of the source with this one branch taken away. */
async function firstFailure(mutation: Mutation, seeds: number) {
  const copy = mkdtempSync(join(tmpdir(), "cxm-mutation-"));
  try {
    for (const folder of ["src", "test/simulate"]) cpSync(join(root, folder), join(copy, folder), { recursive: true });
    cpSync(join(root, "package.json"), join(copy, "package.json"));
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
    apply(mutation, join(copy, "src", mutation.file));
    const folder = join(copy, "test/simulate");
    const tally = await runCrew({ from: 0, seeds, mostFailures: 1, tells: false, folder, progress: () => {} });
    return tally.failures[0] ?? null;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function apply({ name, from, to }: Mutation, path: string): void {
  const text = readFileSync(path, "utf8");
  const parts = text.split(from);
  if (parts.length !== 2)
    throw new Error(`"${name}": the text to take away stands ${parts.length - 1} times in ${path}`);
  writeFileSync(path, parts.join(to));
}
