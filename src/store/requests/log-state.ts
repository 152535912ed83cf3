// What the thread of the log keeps in mind about its rows: the next id, and up to where the log has been cleared.

import type { DatabaseSync } from "node:sqlite";

export interface LogState {
  /** Ids are never given twice, also when the newest rows are gone. */
  nextId: number;
  /** Rows up to here are cleared: nobody sees them any more, and they are removed little by little. */
  clearedThrough: number;
}

export function loadState(database: DatabaseSync): LogState {
  const row = database
    .prepare(
      `select coalesce((select value from log_state where name = 'cleared_through'), 0) as cleared,
        coalesce((select max(id) from requests), 0) as last,
        coalesce((select max(indexed_through) from text_parts), 0) as indexed`,
    )
    .get()!;
  const clearedThrough = Number(row["cleared"]);
  return { nextId: 1 + Math.max(clearedThrough, Number(row["last"]), Number(row["indexed"])), clearedThrough };
}

export function clearAll(database: DatabaseSync, state: LogState): void {
  state.clearedThrough = state.nextId - 1;
  database.prepare("insert or replace into log_state values ('cleared_through', ?)").run(state.clearedThrough);
}
