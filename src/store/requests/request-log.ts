// The request log and the history of readings, as the rest of the program sees them: written in batches and asked
// through a thread of its own. Recording costs the caller microseconds and never fails a request.

import { Worker } from "node:worker_threads";
import { createBatch } from "../../kit/batch.ts";
import type { Clock } from "../../kit/clock.ts";
import { entryUrl } from "../../kit/entry.ts";
import type { Reading } from "../../pool/account.ts";
import type { ListQuery, LogPage, LogWorkerOptions, ReadingQuery, UsageSummary } from "./messages.ts";
import { connectLogWorker } from "./log-worker.ts";
import { requestColumns, toValues } from "./request-row.ts";
import type { RequestRow, RowValue } from "./request-row.ts";

export interface RequestLog {
  /** Found by `list` once `flush` has resolved; by itself within about 100 ms. */
  record(row: RequestRow): void;
  recordReading(accountId: string, reading: Reading): void;
  list(query: ListQuery): Promise<LogPage>;
  /** Empties the log. What was used stays known to `todaySummary`. */
  clear(): Promise<void>;
  /** What was used in [since, until), epoch ms, to the quarter of an hour. */
  todaySummary(range: { readonly since: number; readonly until: number }): Promise<UsageSummary>;
  /** Newest first. */
  readings(query: ReadingQuery): Promise<Reading[]>;
  /** Forgets requests older than `before` (epoch ms); returns how many. */
  prune(before: number): Promise<number>;
  /** Rows thrown away because the disk could not keep up or refused them. */
  readonly lostRows: number;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface RequestLogOptions extends LogWorkerOptions {
  readonly clock: Clock;
  readonly onError?: (message: string) => void;
}

const delayMs = 100;
/** Rows that may wait for the disk, here and on their way; about 20 MB. */
const mostWaiting = 20_000;
const entry = entryUrl(import.meta.url, "./worker.ts", "request-log-worker.js");

/** Throws StoreError when the file cannot be used. */
export async function openRequestLog({
  clock,
  onError = () => {},
  ...options
}: RequestLogOptions): Promise<RequestLog> {
  const thread = new Worker(entry, {
    workerData: options,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4 },
  });
  const sent: number[] = [];
  let requests: RowValue[] = [];
  let readings: { accountId: string; reading: Reading }[] = [];
  let waiting = 0;
  let lostRows = 0;

  const worker = await connectLogWorker(thread, (error) => {
    const count = sent.shift() ?? 0;
    waiting -= count;
    if (error === null) return;
    lostRows += count;
    onError(`${count} rows of the request log are lost: ${error}`);
  });

  const batch = createBatch({
    clock,
    delayMs,
    onError: (error) => onError(String(error)),
    write() {
      const count = requests.length / requestColumns.length + readings.length;
      if (count === 0) return;
      sent.push(count);
      worker.write({ requests, readings });
      requests = [];
      readings = [];
    },
  });

  /** Whether there is room for one more row; without it the row is lost. */
  function takesRow(): boolean {
    const hasRoom = waiting < mostWaiting;
    if (hasRoom) waiting += 1;
    else lostRows += 1;
    return hasRoom;
  }

  async function flush(): Promise<void> {
    await batch.flush();
    await worker.ask({ kind: "sync" });
  }

  return {
    record(row) {
      if (!takesRow()) return;
      requests.push(...toValues(row));
      batch.soon();
    },
    recordReading(accountId, reading) {
      if (!takesRow()) return;
      readings.push({ accountId, reading });
      batch.soon();
    },
    list: (query) => worker.ask({ kind: "list", query }),
    clear: () => worker.ask({ kind: "clear" }),
    todaySummary: ({ since, until }) => worker.ask({ kind: "summary", since, until }),
    readings: (query) => worker.ask({ kind: "readings", query }),
    prune: (before) => worker.ask({ kind: "prune", before }),
    get lostRows() {
      return lostRows;
    },
    flush,
    async close() {
      await flush();
      await worker.ask({ kind: "close" });
    },
  };
}
