// What a batch of requests adds to the sums per quarter of an hour, key, account and model. Pure.

import { requestColumns } from "./request-row.ts";
import type { RequestColumn, RowValue } from "./request-row.ts";

const quarterMs = 15 * 60_000;

/** Where each column stands in a row. */
const at = Object.fromEntries(requestColumns.map((name, position) => [name, position])) as Record<
  RequestColumn,
  number
>;
const summed = [
  at.input_tokens,
  at.cached_input_tokens,
  at.output_tokens,
  at.reasoning_output_tokens,
  at.cost_micro_usd,
];

/** Rows for `usage_quarters`: requests of one quarter, key, account and model summed up. */
export function usageOf(rows: readonly (readonly RowValue[])[]): RowValue[][] {
  const groups = new Map<string, { readonly who: RowValue[]; readonly sums: number[] }>();
  for (const row of rows) {
    const start = Math.floor(Number(row[at.created_at]) / quarterMs) * quarterMs;
    const model = row[at.upstream_model] ?? row[at.model] ?? "";
    const who = [start, row[at.key_id] ?? "", row[at.account_id] ?? "", model];
    const key = who.join("\n");
    const group = groups.get(key) ?? { who, sums: [0, 0, 0, 0, 0, 0] };
    groups.set(key, group);
    const counted = [1, ...summed.map((column) => Number(row[column] ?? 0))];
    for (const [position, value] of counted.entries()) group.sums[position]! += value;
  }
  return [...groups.values()].map(({ who, sums }) => [...who, ...sums]);
}
