// Removes what is no longer wanted: cleared rows, rows that are too old, the oldest ones when the file is too large, parts of
// the text index without rows, old sums. Slice by slice, so that nobody waits long.

import type { DatabaseSync } from "node:sqlite";
import type { LogState } from "./log-state.ts";
import type { Limits, RetentionReport } from "./messages.ts";
import { breathe, SliceSize } from "./slices.ts";
import type { TextIndex } from "./text-index.ts";

const firstSlice = 200;
const leastSlice = 50;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Quarters of an hour are only needed for the edges of a range, and to split recent days by hour. */
const quartersKeptDays = 62;
/** A file that has grown too large is cut a little further, so that this is not needed all the time. */
const cutTo = 0.95;
/** About what the text index takes for a row; of removed rows it is given back when the whole part goes. */
const textBytesPerRow = 400;
/** Empty pages are given back to the disk when they are more than this part of the file, and so many at least. */
const mostEmpty = 0.2;
const fewestEmptyPages = 4_096;
const pagesPerSlice = 256;

export interface RetentionParts {
  readonly database: DatabaseSync;
  readonly text: TextIndex;
  readonly state: LogState;
}

export async function retain(limits: Limits, parts: RetentionParts): Promise<RetentionReport> {
  const { database, text, state } = parts;
  const cleared = await remove(parts, { below: state.clearedThrough + 1, olderThan: null });
  const aged = limits.requestsBefore === null ? 0 : await removeOld(parts, limits.requestsBefore);
  const cut = limits.maxBytes === null ? 0 : await removeOldest(parts, limits.maxBytes);
  while (text.dropBelow(firstId(parts))) await breathe();
  database.prepare("delete from request_hours where last_id < ?").run(firstId(parts));
  await removeSums(database, limits);
  await giveBack(database);
  return { removedRows: cleared + aged + cut, bytes: usedBytes(database) };
}

/** Requests that began before an instant, which lie among the ids of the hours up to it. */
async function removeOld(parts: RetentionParts, before: number): Promise<number> {
  const last = parts.database.prepare("select max(last_id) as id from request_hours where start_at < ?").get(before);
  return remove(parts, { below: Number(last?.["id"] ?? 0) + 1, olderThan: before });
}

/** As large a part of the rows as the file is too large. */
async function removeOldest(parts: RetentionParts, maxBytes: number): Promise<number> {
  const first = firstId(parts);
  const bytes = usedBytes(parts.database) - parts.text.deadRows(first) * textBytesPerRow;
  if (bytes <= maxBytes) return 0;
  const rows = Math.ceil((parts.state.nextId - first) * (1 - (maxBytes * cutTo) / bytes));
  return remove(parts, { below: first + rows, olderThan: null });
}

interface Doomed {
  readonly below: number;
  /** Only requests that began before; null for all. */
  readonly olderThan: number | null;
}

async function remove(parts: RetentionParts, doomed: Doomed): Promise<number> {
  const size = new SliceSize(firstSlice, leastSlice);
  let total = 0;
  for (let from: number | null = firstId(parts); from !== null && from < doomed.below;) {
    const slice = removeSlice(parts, { ...doomed, from }, size);
    total += slice.count;
    from = slice.last === null ? null : slice.last + 1;
    await breathe();
  }
  return total;
}

/** Answers how many rows it removed, and the last of them; null when none is left. */
function removeSlice(
  { database }: RetentionParts,
  { from, below, olderThan }: Doomed & { readonly from: number },
  size: SliceSize,
): { count: number; last: number | null } {
  const chosen = `select id from requests where id >= ? and id < ? ${olderThan === null ? "" : "and created_at < ?"}
    order by id limit ?`;
  const values = [from, below, ...(olderThan === null ? [] : [olderThan]), size.begin()];
  const rows = database.prepare(`delete from requests where id in (${chosen}) returning id`).all(...values);
  size.end();
  const last = rows.reduce((most, row) => Math.max(most, Number(row["id"])), 0);
  return { count: rows.length, last: rows.length === 0 ? null : last };
}

async function removeSums(database: DatabaseSync, { now, usageBefore }: Limits): Promise<void> {
  const limit = now - quartersKeptDays * dayMs;
  const quarters = database.prepare("delete from usage_quarters where start_at < ? and start_at < ?");
  const days = database.prepare("delete from usage_days where start_at < ?");
  for (;;) {
    const oldest = database.prepare("select min(start_at) as at from usage_quarters").get()?.["at"];
    if (typeof oldest !== "number" || oldest >= limit) break;
    quarters.run(limit, oldest + hourMs);
    await breathe();
  }
  if (usageBefore !== null) days.run(usageBefore);
}

async function giveBack(database: DatabaseSync): Promise<void> {
  const wanted = () => {
    const { pages, empty } = pagesOf(database);
    return empty > fewestEmptyPages && empty > pages * mostEmpty;
  };
  while (wanted()) {
    const before = pagesOf(database).pages;
    database.exec(`pragma incremental_vacuum(${pagesPerSlice})`);
    if (pagesOf(database).pages === before) return;
    await breathe();
  }
}

function firstId({ database, state }: RetentionParts): number {
  return Number(database.prepare("select min(id) as id from requests").get()?.["id"] ?? state.nextId);
}

function pagesOf(database: DatabaseSync): { pages: number; empty: number; pageBytes: number } {
  const number = (pragma: string) => Number(Object.values(database.prepare(`pragma ${pragma}`).get() ?? {})[0]);
  return { pages: number("page_count"), empty: number("freelist_count"), pageBytes: number("page_size") };
}

function usedBytes(database: DatabaseSync): number {
  const { pages, empty, pageBytes } = pagesOf(database);
  return (pages - empty) * pageBytes;
}
