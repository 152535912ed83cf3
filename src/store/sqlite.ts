// Opens one SQLite file the way all of ours are opened.

import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
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
