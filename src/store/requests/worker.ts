// The thread of the request log: the only one that opens requests.db. SQLite is synchronous, and a long search or delete
// on the main thread would hold up every stream.

import type { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { migrate } from "../migrate.ts";
import { openSqlite } from "../sqlite.ts";
import { explainOpenError, StoreError } from "../store-error.ts";
import { followText } from "./follow-text.ts";
import { logTables } from "./log-tables.ts";
import type { LogTables } from "./log-tables.ts";
import type { FromLogWorker, LogQuestion, LogWorkerOptions, ToLogWorker } from "./messages.ts";
import { breathe } from "./slices.ts";
import { requestLogSteps } from "./steps.ts";

const checkpointEveryMs = 5_000;
/** Pages of the indexes that writes and searches go to. */
const cacheKib = 16_000;
const port = parentPort!;
const { path, storePath, keptReadings } = workerData as LogWorkerOptions;
const say = (message: FromLogWorker) => port.postMessage(message);

function open(): DatabaseSync {
  const database = openSqlite(path, "NORMAL");
  try {
    migrate({ database, path, migrations: requestLogSteps, now: Date.now() });
    allowShrinking(database);
    database.exec(`pragma cache_size = -${cacheKib}`);
    return database;
  } catch (error) {
    database.close();
    throw explainOpenError(error, path);
  }
}

/** Without this, pages of removed rows would never go back to the disk. It needs a rewrite of the file, once. */
function allowShrinking(database: DatabaseSync): void {
  const isAllowed = database.prepare("pragma auto_vacuum").get()?.["auto_vacuum"] === 2;
  if (!isAllowed) database.exec("pragma auto_vacuum = incremental; vacuum");
}

function answer(tables: LogTables, question: Exclude<LogQuestion, { kind: "close" }>): unknown {
  switch (question.kind) {
    case "list":
      return tables.list(question.query);
    case "read":
      return tables.read(question.name);
    case "usage":
      return tables.usage(question.query);
    case "readings":
      return tables.readings(question.query);
    case "history":
      return tables.history(question.query);
    case "retain":
      return tables.retain(question.limits);
    case "clear":
      return tables.clear();
    case "sync":
      return null;
    case "catchUp":
      return catchUp(tables);
  }
}

async function catchUp(tables: LogTables): Promise<void> {
  while (tables.index()) await breathe();
}

function serve(database: DatabaseSync): void {
  const tables = logTables(database, keptReadings);
  const store = storePath === null ? null : openSqlite(storePath, "FULL");
  const checkpoint = () => store?.exec("pragma wal_checkpoint(passive)");
  const checkpoints = setInterval(checkpoint, checkpointEveryMs);
  const text = followText(() => tables.index());
  text.soon();

  function write(batch: Parameters<LogTables["write"]>[0]): string | null {
    try {
      tables.write(batch);
      text.soon();
      return null;
    } catch (error) {
      return messageOf(error);
    }
  }

  async function reply(number: number, question: Exclude<LogQuestion, { kind: "close" }>): Promise<void> {
    try {
      say({ kind: "answer", number, value: await answer(tables, question) });
    } catch (error) {
      say({ kind: "error", number, message: messageOf(error) });
    }
  }

  port.on("message", (message: ToLogWorker) => {
    if ("batch" in message) return say({ kind: "written", error: write(message.batch) });
    const { number, question } = message;
    if (question.kind !== "close") return void reply(number, question);
    clearInterval(checkpoints);
    text.stop();
    store?.close();
    database.close();
    say({ kind: "answer", number, value: null });
    return port.close();
  });
  say({ kind: "ready" });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

try {
  serve(open());
} catch (error) {
  const problem = error instanceof StoreError ? error.problem : null;
  say({ kind: "refused", problem, message: messageOf(error) });
}
