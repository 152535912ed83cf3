// Brings a database file to the schema this program knows: forward only, one transaction per step, a copy before an upgrade.

import { chmodSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "./store-error.ts";

/** One numbered step. Steps are never edited once released; a change of mind is a new step. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

export interface MigrateOptions {
  readonly database: DatabaseSync;
  readonly path: string;
  readonly migrations: readonly Migration[];
  /** Epoch ms. */
  readonly now: number;
}

/** Returns the path of the copy that was made, or null when none was needed. Throws StoreError. */
export function migrate({ database, path, migrations, now }: MigrateOptions): string | null {
  const known = migrations.at(-1)?.version ?? 0;
  const present = presentVersion(database, path);
  if (present > known) {
    const fact = `${path} was written by a newer CodexManager (schema ${present}, this one knows ${known}).`;
    throw new StoreError("newer", `${fact} Update the program, or use another data directory.`);
  }
  if (present === known) return null;
  const copy = present > 0 ? copyBefore(database, `${path}.schema-${present}.${now}.backup`) : null;
  for (const step of migrations) apply(database, step, now);
  return copy;
}

function presentVersion(database: DatabaseSync, path: string): number {
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  if (tables.length === 0) return 0;
  if (!tables.some((table) => table["name"] === "schema_steps")) {
    const fact = `${path} holds tables of another program.`;
    throw new StoreError("foreign", `${fact} Nothing was changed; choose another data directory.`);
  }
  return Number(database.prepare("select max(version) as version from schema_steps").get()?.["version"] ?? 0);
}

function copyBefore(database: DatabaseSync, copy: string): string {
  rmSync(copy, { force: true });
  database.prepare("vacuum into ?").run(copy);
  chmodSync(copy, 0o600);
  return copy;
}

/** Skips a step that is already there: another process may have come first. */
function apply(database: DatabaseSync, step: Migration, now: number): void {
  database.exec("begin immediate");
  try {
    database.exec(
      "create table if not exists schema_steps (version integer primary key, name text, applied_at integer)",
    );
    const isDone = database.prepare("select 1 from schema_steps where version = ?").get(step.version) !== undefined;
    if (!isDone) {
      database.exec(step.sql);
      database.prepare("insert into schema_steps values (?, ?, ?)").run(step.version, step.name, now);
    }
    database.exec("commit");
  } catch (error) {
    database.exec("rollback");
    throw error;
  }
}
