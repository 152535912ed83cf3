// The request log and the history of readings, as the rest of the program sees them: written in batches and asked
// through a thread of its own. Recording costs the caller microseconds and never fails a request.

import { Worker } from "node:worker_threads";
import type { Clock } from "../../kit/clock.ts";
import { entryUrl } from "../../kit/entry.ts";
import type { Reading } from "../../pool/account.ts";
import type { ListQuery, LogPage, LogWorkerOptions, ReadingQuery, UsageSummary } from "./messages.ts";
import { connectLogWorker } from "./log-worker.ts";
import { createLogWriter } from "./log-writer.ts";
import type { RequestRow } from "./request-row.ts";

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

const entry = entryUrl(import.meta.url, "./worker.ts", "request-log-worker.js");
const memory = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4 };

/** Throws StoreError when the file cannot be used. */
export async function openRequestLog({
  clock,
  onError = () => {},
  ...options
}: RequestLogOptions): Promise<RequestLog> {
  const thread = new Worker(entry, { workerData: options, execArgv: [], resourceLimits: memory });
  const worker = await connectLogWorker(thread, (error) => writer.settle(error));
  const writer = createLogWriter({ send: worker.write, clock, onError });

  async function flush(): Promise<void> {
    await writer.flush();
    await worker.ask({ kind: "sync" });
  }

  return {
    record: writer.record,
    recordReading: writer.recordReading,
    list: (query) => worker.ask({ kind: "list", query }),
    clear: () => worker.ask({ kind: "clear" }),
    todaySummary: ({ since, until }) => worker.ask({ kind: "summary", since, until }),
    readings: (query) => worker.ask({ kind: "readings", query }),
    prune: (before) => worker.ask({ kind: "prune", before }),
    get lostRows() {
      return writer.lostRows;
    },
    flush,
    async close() {
      await flush();
      await worker.ask({ kind: "close" });
    },
  };
}
