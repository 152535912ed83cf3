// The sums of what was used: by quarter of an hour for some weeks, by local day for as long as wanted. Both outlive the rows.

import type { DatabaseSync } from "node:sqlite";
import type { UsageQuery, UsageRow, UsageSummary } from "./messages.ts";
import type { RowValue } from "./request-row.ts";
import { sumColumns, usageOf } from "./usage-sums.ts";

const quarterMs = 15 * 60_000;
/** Beyond so many days, whole days are summed from the sums of days. */
const daysByQuarter = 2;
const dayMs = 24 * 60 * 60_000;

const startOfQuarter = (at: number): number => Math.floor(at / quarterMs) * quarterMs;

function startOfDay(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function startOfNextDay(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}

export interface UsageTables {
  /** Within the transaction of the caller. */
  add(rows: readonly (readonly RowValue[])[]): void;
  summary(query: UsageQuery): UsageSummary;
}

const sums = sumColumns.map((column) => `coalesce(sum(${column}), 0) as ${column}`).join(", ");
const added = sumColumns.map((column) => `${column} = ${column} + excluded.${column}`).join(", ");
const columns = `start_at, key_id, account_id, model, ${sumColumns.join(", ")}`;

function upsert(table: string): string {
  const values = Array.from({ length: 4 + sumColumns.length }, () => "?").join(", ");
  return `insert into ${table} (${columns}) values (${values}) on conflict do update set ${added}`;
}

/** What the groups of a summary are told apart by. */
const groupOf = {
  account: "account_id",
  key: "key_id",
  model: "model",
  day: "day",
  hour: "start_at / 3600000 * 3600000",
} as const satisfies Record<NonNullable<UsageQuery["by"]>, string>;

export function usageTables(database: DatabaseSync): UsageTables {
  const addQuarter = database.prepare(upsert("usage_quarters"));
  const addDay = database.prepare(upsert("usage_days"));

  /** Local midnights between which whole days count; none when the quarters tell it all. */
  function wholeDays({ since, until, by }: UsageQuery): { from: number; to: number } | null {
    const oldest = Number(database.prepare("select min(start_at) as at from usage_quarters").get()?.["at"] ?? Infinity);
    const isShort = until - since <= daysByQuarter * dayMs;
    if (by === "hour" || (isShort && since >= oldest)) return null;
    const midnight = startOfDay(since);
    const from = midnight === since || since < oldest ? midnight : startOfNextDay(since);
    const to = startOfDay(until);
    return to > from ? { from, to } : null;
  }

  return {
    add(rows) {
      for (const values of usageOf(rows, startOfQuarter)) addQuarter.run(...values);
      for (const values of usageOf(rows, startOfDay)) addDay.run(...values);
    },
    summary(query) {
      const { sql, values } = usageSql(query, wholeDays(query));
      if (query.by === null) {
        return { total: toUsageRow(database.prepare(`select ${sums} from (${sql})`).get(...values)!), groups: [] };
      }
      const order = query.by === "day" || query.by === "hour" ? "name" : "requests desc, name";
      const grouped = `select ${groupOf[query.by]} as name, ${sums} from (${sql}) group by 1 order by ${order}`;
      const rows = database.prepare(grouped).all(...values);
      const groups = rows.map((row) => ({ name: row["name"] as string | number, ...toUsageRow(row) }));
      return { total: totalOf(groups), groups: groups.slice(0, query.limit) };
    },
  };
}

/** Slow, so only asked where the day is not known otherwise. */
const localDay = "unixepoch(start_at / 1000, 'unixepoch', 'localtime', 'start of day', 'utc') * 1000";

/** Quarters at the edges, days between them. */
export function usageSql(
  { since, until, accountId, keyId, model }: UsageQuery,
  days: { readonly from: number; readonly to: number } | null,
): { sql: string; values: (string | number)[] } {
  const wanted = Object.entries({ account_id: accountId, key_id: keyId, model }).flatMap(([column, value]) =>
    value === null || value === undefined ? [] : [{ column, value }],
  );
  const ranges =
    days === null
      ? [{ table: "usage_quarters", from: since, to: until, day: localDay }]
      : [
          { table: "usage_quarters", from: since, to: Math.max(since, days.from), day: startOfDay(since) },
          { table: "usage_days", from: days.from, to: days.to, day: "start_at" },
          { table: "usage_quarters", from: days.to, to: until, day: days.to },
        ];
  const filter = wanted.map(({ column }) => ` and ${column} = ?`).join("");
  return {
    sql: ranges
      .map(
        ({ table, day }) =>
          `select ${columns}, ${day} as day from ${table} where start_at >= ? and start_at < ?${filter}`,
      )
      .join(" union all "),
    values: ranges.flatMap(({ from, to }) => [from, to, ...wanted.map(({ value }) => value)]),
  };
}

function totalOf(rows: readonly UsageRow[]): UsageRow {
  const total = (field: keyof UsageRow) => rows.reduce((sum, row) => sum + row[field], 0);
  return {
    requests: total("requests"),
    failures: total("failures"),
    inputTokens: total("inputTokens"),
    cachedInputTokens: total("cachedInputTokens"),
    outputTokens: total("outputTokens"),
    reasoningOutputTokens: total("reasoningOutputTokens"),
    costMicroUsd: total("costMicroUsd"),
  };
}

function toUsageRow(row: Readonly<Record<string, unknown>>): UsageRow {
  return {
    requests: Number(row["requests"]),
    failures: Number(row["failures"]),
    inputTokens: Number(row["input_tokens"]),
    cachedInputTokens: Number(row["cached_input_tokens"]),
    outputTokens: Number(row["output_tokens"]),
    reasoningOutputTokens: Number(row["reasoning_output_tokens"]),
    costMicroUsd: Number(row["cost_micro_usd"]),
  };
}
