// The thread of the request log: the only one that opens requests.db. SQLite is synchronous, and a long search or delete
// on the main thread would hold up every stream.

import type { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { migrate } from "../migrate.ts";
import { openSqlite } from "../sqlite.ts";
import { explainOpenError, StoreError } from "../store-error.ts";
import { logTables } from "./log-tables.ts";
import type { LogTables } from "./log-tables.ts";
import type { FromLogWorker, LogQuestion, LogWorkerOptions, ToLogWorker } from "./messages.ts";
import { requestLogSteps } from "./steps.ts";

const checkpointEveryMs = 5_000;
const port = parentPort!;
const { path, storePath, keptReadings } = workerData as LogWorkerOptions;
const say = (message: FromLogWorker) => port.postMessage(message);

function open(): DatabaseSync {
  const database = openSqlite(path, "NORMAL");
  try {
    migrate({ database, path, migrations: requestLogSteps, now: Date.now() });
    return database;
  } catch (error) {
    database.close();
    throw explainOpenError(error, path);
  }
}

function answer(tables: LogTables, question: Exclude<LogQuestion, { kind: "close" }>): unknown {
  switch (question.kind) {
    case "list":
      return tables.list(question.query);
    case "summary":
      return tables.summary(question.since, question.until);
    case "readings":
      return tables.readings(question.query);
    case "prune":
      return tables.prune(question.before);
    case "clear":
      return tables.clear();
    case "sync":
      return null;
  }
}

function serve(database: DatabaseSync): void {
  const tables = logTables(database, keptReadings);
  const store = storePath === null ? null : openSqlite(storePath, "FULL");
  const checkpoint = () => store?.exec("pragma wal_checkpoint(passive)");
  const checkpoints = setInterval(checkpoint, checkpointEveryMs);
  port.on("message", (message: ToLogWorker) => {
    if ("batch" in message) return say({ kind: "written", error: attempt(() => tables.write(message.batch)) });
    const { number, question } = message;
    if (question.kind === "close") {
      clearInterval(checkpoints);
      store?.close();
      database.close();
      say({ kind: "answer", number, value: null });
      return port.close();
    }
    let value: unknown;
    const error = attempt(() => (value = answer(tables, question)));
    say(error === null ? { kind: "answer", number, value } : { kind: "error", number, message: error });
  });
  say({ kind: "ready" });
}

function attempt(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

try {
  serve(open());
} catch (error) {
  const problem = error instanceof StoreError ? error.problem : null;
  say({ kind: "refused", problem, message: error instanceof Error ? error.message : String(error) });
}
