// Opens codexmanager.db: accounts, credentials, keys, settings, facts and bindings. Everything durable but the request log.

import { dirname, join } from "node:path";
import { Kysely } from "kysely";
import type { Clock } from "../kit/clock.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import { accountRows } from "./account-rows.ts";
import type { AccountRows } from "./account-rows.ts";
import { bindingRows } from "./binding-rows.ts";
import type { BindingRows } from "./binding-rows.ts";
import { credentialRows } from "./credential-rows.ts";
import type { CredentialRows } from "./credential-rows.ts";
import { factRows } from "./fact-rows.ts";
import type { FactRows } from "./fact-rows.ts";
import { keptResponseRows } from "./kept-response-rows.ts";
import type { KeptResponseRows } from "./kept-response-rows.ts";
import { keyRows } from "./key-rows.ts";
import type { KeyRows } from "./key-rows.ts";
import { createLazyTables } from "./lazy-tables.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations/steps.ts";
import type { Connection, Schema } from "./schema.ts";
import { openSecretBox } from "./secret-key.ts";
import { providerRows } from "./provider-rows.ts";
import type { ProviderRows } from "./provider-rows.ts";
import { settingRows } from "./setting-rows.ts";
import type { SettingRows } from "./setting-rows.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { openSqlite } from "./sqlite.ts";
import { explainOpenError } from "./store-error.ts";

/** What is on disk (fsync) when the promise of a write resolves. */
export interface DurableRows {
  readonly accounts: AccountRows;
  readonly credentials: CredentialRows;
  readonly keys: KeyRows;
  readonly providers: ProviderRows;
  readonly settings: SettingRows;
}

export interface Store extends DurableRows {
  readonly path: string;
  /** Written lazily: within 100 ms, surviving the process. */
  readonly facts: FactRows;
  readonly bindings: BindingRows;
  readonly responses: KeptResponseRows;
  /** Notes the last use of a key, lazily. */
  touchKey(keyId: string, at: number): void;
  /** Runs `work` in one transaction: all of it is written, or nothing when it throws. */
  transaction<T>(work: (rows: DurableRows) => Promise<T>): Promise<T>;
  /** Resolves when everything lazy has been written. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenStoreOptions {
  /** The database file; its directory is created, and holds the key file beside it. */
  readonly path: string;
  readonly clock: Clock;
  /** The operator's key (`CODEXMANAGER_SECRET_KEY`); without it a key file beside the database is used. */
  readonly secretKey?: string | undefined;
  /** Hears of lazy writes that failed; they are tried again. */
  readonly onError?: (error: unknown) => void;
}

/** The log's thread folds the write-ahead log back every few seconds; only where it does not run, a commit here has to. */
const pagesBeforeCheckpoint = 8_000;

/** Throws StoreError when the file cannot be used; nothing is damaged then. */
export async function openStore({ path, clock, secretKey, onError = () => {} }: OpenStoreOptions): Promise<Store> {
  const database = openSqlite(path, "FULL");
  database.exec(`pragma wal_autocheckpoint = ${pagesBeforeCheckpoint}`);
  let box: SecretBox;
  try {
    migrate({ database, path, migrations, now: clock.now() });
    box = await openSecretBox(database, join(dirname(path), "codexmanager.key"), secretKey);
  } catch (error) {
    database.close();
    throw explainOpenError(error, path);
  }
  const db = new Kysely<Schema>({ dialect: sqliteDialect(database) });
  const lazy = createLazyTables({ database, db, clock, onError });
  const uses = lazy.table<number>("update platform_keys set last_used_at = ?2 where id = ?1", (id, at) => [id, at]);
  return {
    path,
    ...durableRows(db, box),
    facts: factRows(db, lazy),
    bindings: bindingRows(db, database, lazy),
    responses: keptResponseRows({ db, lazy, box }),
    touchKey: (keyId, at) => uses.put(keyId, at),
    transaction: (work) => db.transaction().execute((transaction) => work(durableRows(transaction, box))),
    flush: () => lazy.flush(),
    async close() {
      await lazy.flush();
      await db.destroy();
    },
  };
}

function durableRows(db: Connection, box: SecretBox): DurableRows {
  return {
    accounts: accountRows(db),
    credentials: credentialRows(db, box),
    keys: keyRows(db, box),
    providers: providerRows(db, box),
    settings: settingRows(db),
  };
}
