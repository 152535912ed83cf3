// What it costs to choose an account, in pools of all sizes, while the facts of accounts change as fast as they would under
// full load. Facts change between the choices in the same loop, so that what a change leaves to do is counted.

import { formatTable } from "../src/kit/table.ts";
import { type MeasuredPool, openPool, poolStrategies } from "./measured-pool.ts";

export interface ChoiceRow {
  readonly strategy: string;
  readonly accounts: number;
  /** A new conversation, by the strategy; or one that has its account. */
  readonly kind: "new" | "bound";
  /** Processor microseconds of one choice, with the changes that fall on it. */
  readonly micros: number;
}

const SIZES = [10, 1000, 10_000, 100_000];
const CHANGES_PER_SECOND = 1000;
/** At so many requests a second; the changes are spread over them. */
const CHOICES_PER_SECOND = 1000;
const GOAL_MICROS = 5;

export function measureChoices(isQuick: boolean): readonly ChoiceRow[] {
  const count = isQuick ? 10_000 : 40_000;
  return poolStrategies.flatMap((strategy) =>
    SIZES.flatMap((accounts) => {
      const pool = openPool(strategy, accounts);
      return (["new", "bound"] as const).map((kind) => ({
        strategy,
        accounts,
        kind,
        micros: measure(pool, kind, count),
      }));
    }),
  );
}

const ROUNDS = 7;

/** The best of some rounds: whatever else the machine does only makes it slower. */
function measure(pool: MeasuredPool, kind: ChoiceRow["kind"], count: number): number {
  run(pool, kind, Math.ceil(count / 5));
  return Math.min(...Array.from({ length: ROUNDS }, () => run(pool, kind, count)));
}

function run(pool: MeasuredPool, kind: ChoiceRow["kind"], count: number): number {
  const before = process.cpuUsage();
  let owed = 0;
  for (let each = 0; each < count; each += 1) {
    pool.pass(1000 / CHOICES_PER_SECOND);
    for (owed += CHANGES_PER_SECOND / CHOICES_PER_SECOND; owed >= 1; owed -= 1) pool.change();
    pool.choose(kind === "bound");
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

export function showChoices(rows: readonly ChoiceRow[]): string {
  const header = ["µs per choice", ...SIZES.map((size) => size.toLocaleString("en")), ""];
  const lines = poolStrategies.flatMap((strategy) =>
    (["new", "bound"] as const).map((kind) => {
      const own = SIZES.map((size) =>
        rows.find((row) => row.strategy === strategy && row.kind === kind && row.accounts === size),
      );
      const atGoal = own[SIZES.indexOf(10_000)]?.micros ?? Number.POSITIVE_INFINITY;
      return [
        `${strategy}, ${kind}`,
        ...own.map((row) => row?.micros.toFixed(2) ?? ""),
        atGoal < GOAL_MICROS ? "met" : "MISSED",
      ];
    }),
  );
  return `${formatTable(header, lines)}\ngoal: below ${GOAL_MICROS} µs at 10,000 accounts; the facts change ${CHANGES_PER_SECOND} times a second, once per choice`;
}
