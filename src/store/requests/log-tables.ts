// The tables of requests.db. Synchronous but for what is done in slices, so it belongs into a thread of its own.

import type { DatabaseSync } from "node:sqlite";
import type { Reading } from "../../pool/account.ts";
import { clearAll, loadState } from "./log-state.ts";
import type { HistoryQuery, Limits, ListQuery, LogPage, ReadingQuery, RetentionReport, RowName } from "./messages.ts";
import type { UsageQuery, UsageSummary } from "./messages.ts";
import type { LoggedRequest, RowValue } from "./request-row.ts";
import { requestColumns, toLoggedRequest } from "./request-row.ts";
import { retain } from "./retention.ts";
import { listRows } from "./row-list.ts";
import { TextIndex } from "./text-index.ts";
import { transaction } from "./transaction.ts";
import { createdAtOf } from "./usage-sums.ts";
import { usageTables } from "./usage-tables.ts";
import { windowHistory } from "./window-history.ts";

/** Rows that the text index takes at once: some 20 ms of work. */
const indexedAtOnce = 500;
const hourMs = 3_600_000;

const insertRequest = `insert into requests (id, ${requestColumns.join(", ")})
  values (?, ${requestColumns.map(() => "?").join(", ")})`;

const noteHour = `insert into request_hours values (?, ?, ?) on conflict do update set
  first_id = min(first_id, excluded.first_id), last_id = max(last_id, excluded.last_id)`;

/** `requests.length` is a multiple of the number of columns: rows one after another. */
export interface LogBatch {
  readonly requests: readonly RowValue[];
  readonly readings: readonly { readonly accountId: string; readonly reading: Reading }[];
}

export interface LogTables {
  write(batch: LogBatch): void;
  /** Takes some rows into the text index; false when there are no more. */
  index(): boolean;
  list(query: ListQuery): Promise<LogPage>;
  read(name: RowName): LoggedRequest | null;
  /** Nobody sees the rows any more; they are gone after the next `retain`. */
  clear(): void;
  usage(query: UsageQuery): UsageSummary;
  /** Newest first. */
  readings(query: ReadingQuery): Reading[];
  /** See window-history.ts. */
  history(query: HistoryQuery): Float64Array<ArrayBuffer>;
  retain(limits: Limits): Promise<RetentionReport>;
}

/** `keptReadings` per account; 0 keeps all. */
export function logTables(database: DatabaseSync, keptReadings: number): LogTables {
  const state = loadState(database);
  const text = new TextIndex(database);
  const usage = usageTables(database);
  const parts = { database, state, text };
  const request = database.prepare(insertRequest);
  const hour = database.prepare(noteHour);
  const reading = database.prepare("insert into readings (account_id, at, reading) values (?, ?, ?)");
  const dropReadings = database.prepare(`
    delete from readings where account_id = ?1 and id <=
      (select id from readings where account_id = ?1 order by id desc limit 1 offset ?2)`);
  const readById = database.prepare("select * from requests where id = ? and id > ?");
  const readByTrace = database.prepare("select * from requests where trace_id = ? and id > ? order by id desc limit 1");

  function insertRows(rows: readonly RowValue[][]): void {
    for (const [position, row] of rows.entries()) request.run(state.nextId + position, ...row);
    const hours = Map.groupBy(rows.keys(), (position) => Math.floor(createdAtOf(rows[position]!) / hourMs) * hourMs);
    for (const [at, positions] of hours) {
      hour.run(at, state.nextId + positions[0]!, state.nextId + positions.at(-1)!);
    }
  }

  return {
    write({ requests, readings }) {
      const rows = rowsOf(requests);
      transaction(database, () => {
        insertRows(rows);
        usage.add(rows);
        for (const each of readings) reading.run(each.accountId, each.reading.at, JSON.stringify(each.reading));
        const accounts = keptReadings > 0 ? new Set(readings.map((each) => each.accountId)) : [];
        for (const accountId of accounts) dropReadings.run(accountId, keptReadings);
      });
      state.nextId += rows.length;
    },
    index() {
      if (text.indexedThrough >= state.nextId - 1) return false;
      text.follow(state.nextId, indexedAtOnce);
      return text.indexedThrough < state.nextId - 1;
    },
    list: (query) => listRows(query, parts),
    read(name) {
      const above = state.clearedThrough;
      const row = "id" in name ? readById.get(name.id, above) : readByTrace.get(name.traceId, above);
      return row === undefined ? null : toLoggedRequest(row);
    },
    clear: () => clearAll(database, state),
    usage: (query) => usage.summary(query),
    readings({ accountId, limit }) {
      const select = "select reading from readings where account_id = ? order by id desc limit ?";
      return database
        .prepare(select)
        .all(accountId, limit)
        .map((row) => JSON.parse(String(row["reading"])) as Reading);
    },
    history: (query) => windowHistory(database, query),
    retain: (limits) => retain(limits, parts),
  };
}

function rowsOf(values: readonly RowValue[]): RowValue[][] {
  const width = requestColumns.length;
  return Array.from({ length: values.length / width }, (_, at) => values.slice(at * width, (at + 1) * width));
}
