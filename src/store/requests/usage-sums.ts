// What a batch of requests adds to the sums per key, account and model of a stretch of time. Pure.

import { requestColumns } from "./request-row.ts";
import type { RequestColumn, RowValue } from "./request-row.ts";

/** The sums, in the order of the columns of the tables that keep them. */
export const sumColumns = [
  "requests",
  "failures",
  "input_tokens",
  "cached_input_tokens",
  "output_tokens",
  "reasoning_output_tokens",
  "cost_micro_usd",
] as const;

/** Where each column stands in a row. */
const at = Object.fromEntries(requestColumns.map((name, position) => [name, position])) as Record<
  RequestColumn,
  number
>;
const summed = sumColumns.slice(2).map((column) => at[column as RequestColumn]);
const clientLeft = 499;

type Row = readonly RowValue[];

/** Epoch ms of the begin of a row's request. */
export function createdAtOf(row: Row): number {
  return Number(row[at.created_at]);
}

/**
 * Rows of start, key, account, model and sums: requests of one stretch, key, account and model summed up. `startOf` tells the
 * begin of the stretch that an instant lies in.
 */
export function usageOf(rows: readonly Row[], startOf: (at: number) => number): RowValue[][] {
  const groups = new Map<string, { readonly who: RowValue[]; readonly sums: number[] }>();
  for (const row of rows) {
    const model = row[at.upstream_model] ?? row[at.model] ?? "";
    const who = [startOf(createdAtOf(row)), row[at.key_id] ?? "", row[at.account_id] ?? "", model];
    const key = who.join("\n");
    const group = groups.get(key) ?? { who, sums: sumColumns.map(() => 0) };
    groups.set(key, group);
    const counted = [1, hasFailed(row) ? 1 : 0, ...summed.map((column) => Number(row[column] ?? 0))];
    for (const [position, value] of counted.entries()) group.sums[position]! += value;
  }
  return [...groups.values()].map(({ who, sums }) => [...who, ...sums]);
}

/** As the column `is_failed`: a client that left is nobody's failure. */
function hasFailed(row: Row): boolean {
  const status = Number(row[at.status_code]);
  return status !== clientLeft && (status >= 400 || row[at.error_code] !== null);
}
