// Pages of the log. Work that may take long is done slice by slice from the newest row to the oldest.

import type { DatabaseSync } from "node:sqlite";
import type { ListPlan } from "./list-plan.ts";
import { planList, tableSql, textSql } from "./list-plan.ts";
import type { LogState } from "./log-state.ts";
import type { ListQuery, LogPage } from "./messages.ts";
import type { ListedRequest } from "./request-row.ts";
import { requestColumns, toLoggedRequest } from "./request-row.ts";
import { breathe, SliceSize } from "./slices.ts";
import type { TextIndex } from "./text-index.ts";

/** A text that the text index cannot find is looked for in the newest rows only. */
const newestRows = 50_000;
const firstSlice = 20_000;
const leastSlice = 1_000;
const hourMs = 3_600_000;

const listed = ["id", ...requestColumns.filter((column) => column !== "skipped")];

/** From `from` up to, but without, `before`. */
interface Ids {
  readonly from: number;
  readonly before: number;
}

export interface ListParts {
  readonly database: DatabaseSync;
  readonly text: TextIndex;
  readonly state: LogState;
}

export async function listRows(query: ListQuery, parts: ListParts): Promise<LogPage> {
  const plan = planList(query);
  const { ids, newestFrom } = idsOf(query, plan.isShort, parts);
  const rows = await collect(plan, { ids, wanted: query.limit + 1 }, parts);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1)?.id;
  const hasMore = rows.length > items.length && last !== undefined;
  return {
    items,
    cursor: hasMore ? (newestFrom === null ? `${last}` : `${last}-${newestFrom}`) : null,
    searchedRows: newestFrom === null ? null : newestRows,
  };
}

/** `newestFrom` is where a search of the newest rows alone ends; null when all rows are looked at. */
function idsOf({ cursor, since, until }: ListQuery, isShort: boolean, { database, state }: ListParts) {
  const [before, keptFrom] = (cursor ?? "").split("-").map(Number);
  const first = Number(database.prepare("select min(id) as id from requests").get()?.["id"] ?? state.nextId);
  const lowest = Math.max(first, state.clearedThrough + 1);
  const newest = keptFrom ?? state.nextId - newestRows;
  const newestFrom = isShort && newest > lowest ? newest : null;
  const began = database.prepare("select min(first_id) as id from request_hours where start_at > ?");
  const ended = database.prepare("select max(last_id) as id from request_hours where start_at < ?");
  const sinceId = since === null || since === undefined ? null : Number(began.get(since - hourMs)?.["id"] ?? Infinity);
  const untilId = until === null || until === undefined ? null : Number(ended.get(until)?.["id"] ?? 0) + 1;
  const ids: Ids = {
    from: Math.max(lowest, newestFrom ?? 0, sinceId ?? 0),
    before: Math.min(before || state.nextId, state.nextId, untilId ?? Infinity),
  };
  return { ids, newestFrom };
}

async function collect(
  plan: ListPlan,
  { ids, wanted }: { readonly ids: Ids; readonly wanted: number },
  parts: ListParts,
): Promise<ListedRequest[]> {
  const rows: ListedRequest[] = [];
  const size = new SliceSize(plan.isExact ? Infinity : firstSlice, leastSlice);
  for (let { before } = ids; before > ids.from && rows.length < wanted;) {
    const lowest = Math.max(ids.from, before - size.begin());
    const { from, found } = readSlice(plan, { ids: { from: lowest, before }, wanted: wanted - rows.length }, parts);
    size.end();
    for (const row of found) rows.push(toLoggedRequest(row));
    before = from;
    if (before > ids.from && rows.length < wanted) await breathe();
  }
  return rows;
}

/** Reads as much of the range as one table can answer; `from` is how far that went. */
function readSlice(
  plan: ListPlan,
  { ids, wanted }: { readonly ids: Ids; readonly wanted: number },
  { database, text }: ListParts,
) {
  const isIndexed = plan.match !== null && ids.before - 1 <= text.indexedThrough;
  const part = isIndexed ? text.partOf(ids.before - 1) : null;
  if (plan.match !== null && part !== null) {
    const from = Math.max(ids.from, part.from);
    const statement = database.prepare(textSql(plan, listed, part.table));
    return { from, found: statement.all(plan.match, from, ids.before, ...plan.values, wanted) };
  }
  const from = plan.match === null || isIndexed ? ids.from : Math.max(ids.from, text.indexedThrough + 1);
  const statement = database.prepare(tableSql(plan, listed));
  return { from, found: statement.all(...plan.values, from, ids.before, wanted) };
}
