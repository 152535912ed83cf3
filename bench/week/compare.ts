// Runs every rule through the same weeks and puts the outcome into tables.

import { formatTable } from "../../src/kit/table.ts";
import { bestBeforeReset } from "./best.ts";
import { columns, type Figures, figuresOf, isBest } from "./figures.ts";
import type { RuleEntry } from "./rule.ts";
import { runWeek, type Tally } from "./week.ts";
import { settingOf, type World } from "./worlds.ts";

export interface RuleResult {
  readonly name: string;
  readonly source: string | null;
  readonly figures: Figures;
}

export interface WorldResult {
  readonly name: string;
  readonly says: string;
  readonly seeds: number;
  /** Mean over the seeds. */
  readonly requests: number;
  readonly rules: readonly RuleResult[];
}

export function compare(world: World, rules: readonly RuleEntry[], seeds: number): WorldResult {
  const weeks = new Map<RuleEntry, { tally: Tally; best: number }[]>();
  let requests = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    const setting = settingOf(world, seed);
    const best = bestBeforeReset(setting);
    requests += setting.traffic.length / seeds;
    for (const rule of rules) {
      const tally = runWeek(rule.make(setting.members), setting);
      weeks.set(rule, [...(weeks.get(rule) ?? []), { tally, best }]);
    }
  }
  const results = rules.map((rule) => {
    const { name, source } = rule;
    return { name, source, figures: figuresOf(weeks.get(rule) ?? []) };
  });
  return { name: world.name, says: world.says, seeds, requests: Math.round(requests), rules: results };
}

/** A star stands where nobody is better. */
export function showWorld({ name, says, seeds, requests, rules }: WorldResult): string {
  const header = ["", ...columns.map(({ label }) => label)];
  const rows = rules.map((rule) => [rule.name, ...columns.map((column) => cell(column, rule, rules, seeds > 1))]);
  return `${name}: ${says}; ${requests} requests, ${seeds} ${seeds === 1 ? "seed" : "seeds"}\n${formatTable(header, rows)}`;
}

function cell(
  column: (typeof columns)[number],
  { figures }: RuleResult,
  rules: readonly RuleResult[],
  hasSpread: boolean,
): string {
  const { mean, spread } = figures[column.key];
  const star = isBest(
    column,
    mean,
    rules.map((rule) => rule.figures[column.key].mean),
  )
    ? "*"
    : "";
  return `${star}${mean.toFixed(column.digits)}${hasSpread ? ` ±${spread.toFixed(column.digits)}` : ""}`;
}
