// Lets Kysely speak to an open SQLite database.

import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { SqliteDialect } from "kysely";
import type { SqliteStatement } from "kysely";
import { LRUCache } from "lru-cache";

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
