// How a page of the log is found: which index leads, what else a row must fulfil, and what the text index is asked. Pure.

import type { Condition, SearchedColumn } from "./log-query.ts";
import { parseLogQuery } from "./log-query.ts";
import type { RowFilter } from "./messages.ts";

type Value = string | number;

export interface ListPlan {
  /** The index to walk; null walks the table by id. */
  readonly index: string | null;
  /** Whether every row of the index that `where` lets through is found without looking at others. */
  readonly isExact: boolean;
  /** On `r`, the requests; never empty. */
  readonly where: string;
  readonly values: readonly Value[];
  /** What the text index is asked; null when it is of no use. */
  readonly match: string | null;
  /** A text too short for the text index. */
  readonly isShort: boolean;
}

interface Equal {
  readonly column: string;
  readonly value: Value;
}

/** What SQLite has to read to see that the index holds the rows. */
const classIndexed = "r.status_class <> 2";

/** The text index knows texts by three characters. */
const gram = 3;

export function planList(filter: RowFilter & { readonly query?: string }): ListPlan {
  const asked = parseLogQuery(filter.query ?? "");
  const equals = equalsOf(filter, asked);
  const times = timesOf(filter);
  const failed = filter.failedOnly ? ["r.is_failed = 1"] : [];
  const text = asked?.kind === "contains" ? containsSql(asked.columns, asked.text) : null;
  const { index, led } = leadingIndex(equals, filter.failedOnly ?? false);
  const unindexed = asked?.kind === "equals" && index === null ? asked : null;
  const match = matchOf(equals, asked, unindexed !== null);
  const conditions = [
    ...failed,
    ...(index === "requests_class" ? [classIndexed] : []),
    ...equals.map(({ column }) => `r.${column} = ?`),
    ...times.map(({ sql }) => sql),
    ...(text === null ? [] : [text.sql]),
  ];
  return {
    index,
    isExact: text === null && times.length === 0 && led === equals.length,
    where: conditions.join(" and ") || "true",
    values: [...equals.map(({ value }) => value), ...times.map(({ value }) => value), ...(text?.values ?? [])],
    match,
    isShort: match === null && (text !== null || unindexed !== null),
  };
}

/** Two conditions on one column both stay: a row has to fulfil both. */
function equalsOf(filter: RowFilter, asked: Condition | null): Equal[] {
  const { accountId, keyId, model, statusClass } = filter;
  const given = [
    { column: "account_id", value: accountId },
    { column: "key_id", value: keyId },
    { column: "model", value: model },
    { column: "status_class", value: statusClass },
    asked?.kind === "equals" ? asked : { column: "", value: null },
  ];
  return given.flatMap(({ column, value }) => (value === null || value === undefined ? [] : [{ column, value }]));
}

function timesOf({ since, until }: RowFilter): readonly { readonly sql: string; readonly value: number }[] {
  return [
    ...(since === null || since === undefined ? [] : [{ sql: "r.created_at >= ?", value: since }]),
    ...(until === null || until === undefined ? [] : [{ sql: "r.created_at < ?", value: until }]),
  ];
}

/** The index that is likely to lead to the fewest rows, and how many of the equalities it takes care of. */
function leadingIndex(equals: readonly Equal[], failedOnly: boolean): { index: string | null; led: number } {
  const has = (column: string) => equals.some((each) => each.column === column);
  const isSuccess = ({ column, value }: Equal) => column === "status_class" && value === 2;
  if (has("trace_id")) return { index: "requests_trace", led: 1 };
  if (failedOnly) {
    for (const [column, index] of failureIndexes) if (has(column)) return { index, led: 1 };
    return { index: "failures", led: 0 };
  }
  if (equals.some((each) => each.column === "status_class" && !isSuccess(each)) && !has("status_code")) {
    return { index: "requests_class", led: 1 };
  }
  for (const [column, index] of indexes) if (has(column)) return { index, led: 1 };
  return { index: null, led: 0 };
}

const failureIndexes = [
  ["account_id", "failures_account"],
  ["key_id", "failures_key"],
  ["model", "failures_model"],
] as const;

const indexes = [
  ["status_code", "requests_status"],
  ["account_id", "requests_account"],
  ["key_id", "requests_key"],
  ["model", "requests_model"],
] as const;

function containsSql(columns: readonly SearchedColumn[], text: string): { sql: string; values: string[] } {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  const sql = columns.map((column) => `r.${column} like ? escape '\\'`).join(" or ");
  return { sql: `(${sql})`, values: columns.map(() => pattern) };
}

/** Every filter that the text index can also take narrows what it finds. */
function matchOf(equals: readonly Equal[], asked: Condition | null, isLed: boolean): string | null {
  const texts =
    asked?.kind === "contains"
      ? [{ columns: asked.columns, text: asked.text }]
      : asked !== null && isLed
        ? [{ columns: [asked.column], text: String(asked.value) }]
        : [];
  if (!texts.some(({ text }) => Array.from(text).length >= gram)) return null;
  const filters = equals
    .filter(({ column }) => column !== "status_class" && column !== "status_code")
    .map(({ column, value }) => ({ columns: [column], text: String(value) }));
  return [...texts, ...filters].flatMap(({ columns, text }) => gramsSql(columns, text) ?? []).join(" AND ");
}

/** Three characters after the other, and the last three: rows with all of them may hold the text. */
function gramsSql(columns: readonly string[], text: string): string | null {
  const characters = Array.from(text);
  if (characters.length < gram) return null;
  const starts = Array.from({ length: Math.floor(characters.length / gram) }, (_, position) => position * gram);
  if (characters.length % gram > 0) starts.push(characters.length - gram);
  const grams = starts.map((start) => characters.slice(start, start + gram).join(""));
  const quoted = [...new Set(grams)].map((each) => `"${each.replaceAll('"', '""')}"`);
  return `{${columns.join(" ")}} : (${quoted.join(" AND ")})`;
}

/** Takes the values of the plan, then the lowest id, the id to stay below, and how many rows. */
export function tableSql(plan: ListPlan, columns: readonly string[]): string {
  const lead = plan.index === null ? "not indexed" : `indexed by ${plan.index}`;
  return `select ${columns.map((column) => `r.${column}`).join(", ")} from requests r ${lead}
    where ${plan.where} and r.id >= ? and r.id < ? order by r.id desc limit ?`;
}

/** Takes the match first, the lowest id, the id to stay below, then the values of the plan, and how many rows. */
export function textSql(plan: ListPlan, columns: readonly string[], table: string): string {
  return `select ${columns.map((column) => `r.${column}`).join(", ")} from ${table} t cross join requests r
    where t.${table} match ? and t.rowid >= ? and t.rowid < ? and r.id = t.rowid and ${plan.where}
    order by t.rowid desc limit ?`;
}
