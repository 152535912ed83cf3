// Opens one SQLite file the way all of ours are opened, and lets Kysely speak to it.

import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { SqliteDialect } from "kysely";
import type { SqliteStatement } from "kysely";
import { LRUCache } from "lru-cache";
import { explainOpenError } from "./store-error.ts";

/** How long a connection waits for another process that is writing. */
const busyTimeoutMs = 5_000;

/**
 * Creates what is missing (directory 0700, file 0600) and opens `path` in WAL mode. `synchronous` FULL: a commit is on
 * disk when it returns; NORMAL: it survives the process, but not always the machine. Throws StoreError.
 */
export function openSqlite(path: string, synchronous: "FULL" | "NORMAL"): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
    database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    database.exec(`pragma journal_mode = wal; pragma synchronous = ${synchronous}; pragma foreign_keys = on`);
    database.exec("select count(*) from sqlite_master");
    return database;
  } catch (error) {
    database?.close();
    throw explainOpenError(error, path);
  }
}

/** Preparing a statement costs several times what running it does, so the most used ones are kept. */
const keptStatements = 100;

/** Transactions take the write lock at once: a transaction that reads first could otherwise fail half-way. */
export function sqliteDialect(database: DatabaseSync): SqliteDialect {
  const kept = new LRUCache<string, SqliteStatement>({
    max: keptStatements,
    memoMethod: (sql) => toStatement(database.prepare(sql === "begin" ? "begin immediate" : sql)),
  });
  return new SqliteDialect({ database: { close: () => database.close(), prepare: (sql) => kept.memo(sql) } });
}

function toStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (values) => statement.all(...(values as SQLInputValue[])),
    run: (values) => statement.run(...(values as SQLInputValue[])),
    iterate: (values) => statement.iterate(...(values as SQLInputValue[])),
  };
}
