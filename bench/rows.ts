// The results as one table: ratios first, then the figures they come from.

import { formatTable } from "../src/kit/table.ts";

export type Unit = "µs" | "ms" | "MB" | "KB";

export interface Row {
  readonly name: string;
  readonly label: string;
  /** The product's figure. */
  readonly value: number;
  readonly unit: Unit;
  readonly goal?: number | undefined;
  /** The goal as a multiple of a bare relay, on the machine it was set on. */
  readonly goalToRelay?: number | undefined;
  /** The same figure of the smallest pool or log, which a larger one may exceed by a tenth. */
  readonly smallest?: number | undefined;
  /** What the same answer takes when it is passed through as it is. */
  readonly passThrough?: number | undefined;
  readonly nginx?: number | undefined;
  readonly relay?: number | undefined;
  /** The seven stages without store and log. */
  readonly stages?: number | undefined;
  /** What the way through the product adds to an answer when nothing else is going on, ms. */
  readonly addedP50Ms?: number | undefined;
  readonly addedP99Ms?: number | undefined;
  readonly notes?: readonly string[] | undefined;
}

export type Verdict = "met" | "MISSED" | "";

const FLAT_WITHIN = 1.1;

export function verdictOf({ value, goal, smallest }: Row): Verdict {
  if (goal !== undefined) return value <= goal ? "met" : "MISSED";
  if (smallest !== undefined && smallest !== value) return value <= smallest * FLAT_WITHIN ? "met" : "MISSED";
  return "";
}

const header = [
  "",
  "÷ nginx",
  "÷ relay",
  "÷ smallest",
  "÷ passed through",
  "product",
  "goal",
  "",
  "nginx",
  "relay",
  "stages",
  "+p50 ms",
  "+p99 ms",
  "",
];

export function showRows(rows: readonly Row[]): string {
  return formatTable(header, rows.map(cellsOf));
}

function cellsOf(row: Row): readonly string[] {
  const { value, unit, goal, goalToRelay, smallest } = row;
  const figure = (number: number | undefined): string => (number === undefined ? "" : shown(number));
  const ratio = (to: number | undefined): string => (to === undefined ? "" : (value / to).toFixed(2));
  const isFlatGoal = goal === undefined && smallest !== undefined && smallest !== value;
  return [
    row.label,
    ratio(row.nginx),
    ratio(row.relay) + (goalToRelay === undefined ? "" : ` of ${goalToRelay.toFixed(2)}`),
    ratio(smallest),
    ratio(row.passThrough),
    `${shown(value)} ${unit}`,
    isFlatGoal ? `≤ ${FLAT_WITHIN} times` : goal === undefined ? "" : `≤ ${shown(goal)} ${unit}`,
    verdictOf(row),
    figure(row.nginx),
    figure(row.relay),
    figure(row.stages),
    added(row.addedP50Ms),
    added(row.addedP99Ms),
    row.notes?.join("; ") ?? "",
  ];
}

function shown(number: number): string {
  return number < 10 ? number.toFixed(1) : number.toFixed(0);
}

function added(ms: number | undefined): string {
  return ms === undefined ? "" : ms.toFixed(2);
}
