// What is told of a rule: five shares and ratios of a week, their mean and their spread over the seeds.

import type { Tally } from "./week.ts";

export interface Column {
  readonly key: "used" | "failed" | "cached" | "spent" | "refused" | "waited";
  readonly label: string;
  readonly says: string;
  readonly isMoreBetter: boolean;
  readonly digits: number;
  /** Two figures this close count as equal: less than what the seeds differ by. */
  readonly equalWithin: number;
  readonly value: (tally: Tally, best: number) => number;
}

export const columns: readonly Column[] = [
  {
    key: "used",
    label: "used before reset %",
    says: "of what an owner who knows everything would have used of the running weeks before they reset",
    isMoreBetter: true,
    digits: 1,
    equalWithin: 0.5,
    value: ({ usefulBeforeReset }, best) => (100 * usefulBeforeReset) / best,
  },
  {
    key: "failed",
    label: "failed %",
    says: "of the requests, as the client saw it",
    isMoreBetter: false,
    digits: 2,
    equalWithin: 0.05,
    value: ({ failures, requests }) => (100 * failures) / requests,
  },
  {
    key: "cached",
    label: "cache hits %",
    says: "of the tokens that a conversation on one account would have found cached",
    isMoreBetter: true,
    digits: 1,
    equalWithin: 0.2,
    value: ({ cached, cacheable }) => (100 * cached) / cacheable,
  },
  {
    key: "spent",
    label: "spent ×",
    says: "credits, as a multiple of what the same answers cost with all hits",
    isMoreBetter: false,
    digits: 3,
    equalWithin: 0.005,
    value: ({ spent, useful }) => spent / useful,
  },
  {
    key: "refused",
    label: "refused per 100",
    says: "attempts that were refused, per hundred requests",
    isMoreBetter: false,
    digits: 2,
    equalWithin: 0.1,
    value: ({ refusals, requests }) => (100 * refusals) / requests,
  },
  {
    key: "waited",
    label: "waited ms",
    says: "on purpose, mean over all requests",
    isMoreBetter: false,
    digits: 0,
    equalWithin: 5,
    value: ({ waitedMs, requests }) => waitedMs / requests,
  },
];

export interface Figure {
  readonly mean: number;
  /** Standard deviation over the seeds. */
  readonly spread: number;
}

export type Figures = Readonly<Record<Column["key"], Figure>>;

export function figuresOf(weeks: readonly { readonly tally: Tally; readonly best: number }[]): Figures {
  const entries = columns.map(({ key, value }) => [key, figureOf(weeks.map(({ tally, best }) => value(tally, best)))]);
  return Object.fromEntries(entries) as Figures;
}

function figureOf(values: readonly number[]): Figure {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, spread: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}

/** Whether nobody among these is clearly better. */
export function isBest(column: Column, mean: number, others: readonly number[]): boolean {
  const best = column.isMoreBetter ? Math.max(...others) : Math.min(...others);
  return Math.abs(mean - best) <= column.equalWithin || (column.isMoreBetter ? mean > best : mean < best);
}
