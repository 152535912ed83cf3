// Writes what may be lost with the machine but not with the process: gathered for a moment, then one transaction
// without an fsync (synchronous NORMAL), so that nothing on the way of a request waits for the disk.

import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Kysely } from "kysely";
import { createBatch } from "../kit/batch.ts";
import type { Batch } from "../kit/batch.ts";
import type { Clock } from "../kit/clock.ts";
import type { Schema } from "./schema.ts";

const delayMs = 100;

/** Values waiting to be written, the newest per key. */
export interface LazyTable<V> {
  put(key: string, value: V): void;
  /** The value that waits, if any: what is on disk is then out of date. */
  waiting(key: string): V | undefined;
}

export interface LazyTables {
  /** `sql` writes one value; `toColumns` gives its parameters. */
  table<V>(sql: string, toColumns: (key: string, value: V) => SQLInputValue[]): LazyTable<V>;
  /** Resolves when everything put so far has been written. */
  flush(): Promise<void>;
}

export interface LazyTablesOptions {
  readonly database: DatabaseSync;
  /** The same database: shares its queue, so that a batch never lands inside somebody's transaction. */
  readonly db: Kysely<Schema>;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

export function createLazyTables({ database, db, clock, onError }: LazyTablesOptions): LazyTables {
  const writers: (() => void)[] = [];
  const clearers: (() => void)[] = [];

  function writeAll(): void {
    database.exec("pragma synchronous = normal");
    try {
      database.exec("begin immediate");
      for (const write of writers) write();
      database.exec("commit");
      for (const clear of clearers) clear();
    } catch (error) {
      if (database.isTransaction) database.exec("rollback");
      throw error;
    } finally {
      database.exec("pragma synchronous = full");
    }
  }

  const batch: Batch = createBatch({
    clock,
    delayMs,
    onError,
    write: () => db.connection().execute(async () => writeAll()),
  });

  return {
    table<V>(sql: string, toColumns: (key: string, value: V) => SQLInputValue[]): LazyTable<V> {
      const waiting = new Map<string, V>();
      const statement = database.prepare(sql);
      writers.push(() => {
        for (const [key, value] of waiting) statement.run(...toColumns(key, value));
      });
      clearers.push(() => waiting.clear());
      return {
        put(key, value) {
          waiting.set(key, value);
          batch.soon();
        },
        waiting: (key) => waiting.get(key),
      };
    },
    flush: () => batch.flush(),
  };
}
