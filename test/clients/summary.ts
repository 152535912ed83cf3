// The last lines of a run: for each client what worked, and what did not.

import type { TestCase, TestModule } from "vitest/node";

interface Tally {
  passed: number;
  readonly failed: string[];
}

export function summarise(modules: readonly TestModule[]): string {
  const tallies = new Map<string, Tally>();
  for (const module of modules) for (const test of module.children.allTests()) count(tallies, test);
  const width = Math.max(0, ...Array.from(tallies.keys(), (client) => client.length));
  const lines = Array.from(tallies).toSorted(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  return ["", ...lines.flatMap(([client, tally]) => linesOf(client.padEnd(width), tally)), ""].join("\n");
}

function count(tallies: Map<string, Tally>, test: TestCase): void {
  const [client = "", ...rest] = test.fullName.split(" > ");
  const tally = tallies.get(client) ?? { passed: 0, failed: [] };
  tallies.set(client, tally);
  const { state } = test.result();
  if (state === "passed") tally.passed += 1;
  if (state === "failed") tally.failed.push(rest.join(" > "));
}

function linesOf(client: string, { passed, failed }: Tally): string[] {
  const verdict = failed.length === 0 ? "works " : "FAILS ";
  return [
    `${verdict} ${client}  ${passed} passed, ${failed.length} failed`,
    ...failed.map((name) => `         ✗ ${name}`),
  ];
}
