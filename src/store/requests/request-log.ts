// The request log and the history of readings, as the rest of the program sees them: written in batches and asked
// through a thread of its own. Recording costs the caller microseconds and never fails a request.

import { Worker } from "node:worker_threads";
import type { Clock } from "../../kit/clock.ts";
import { entryUrl } from "../../kit/entry.ts";
import type { Reading } from "../../pool/account.ts";
import type { HistoryQuery, Limits, ListQuery, LogPage, LogWorkerOptions, ReadingQuery } from "./messages.ts";
import type { RetentionReport, RowName, UsageQuery, UsageSummary } from "./messages.ts";
import { connectLogWorker } from "./log-worker.ts";
import { createLogWriter } from "./log-writer.ts";
import type { RequestRow } from "../../contract/request-row.ts";
import type { LoggedRequest } from "./request-row.ts";

export interface RequestLog {
  /** Found by `list` once `flush` has resolved; by itself within about 100 ms. */
  record(row: RequestRow): void;
  recordReading(accountId: string, reading: Reading): void;
  list(query: ListQuery): Promise<LogPage>;
  /** One row with everything known of it; of several with one trace id the newest. */
  read(name: RowName): Promise<LoggedRequest | null>;
  /** Empties the log. What was used stays known to `usage`. */
  clear(): Promise<void>;
  usage(query: UsageQuery): Promise<UsageSummary>;
  /** Newest first. */
  readings(query: ReadingQuery): Promise<Reading[]>;
  /** What readings of many accounts said of their windows; rows of numbers, see window-history.ts. */
  history(query: HistoryQuery): Promise<Float64Array<ArrayBuffer>>;
  /** Forgets what is beyond the limits, little by little; others are served meanwhile. */
  retain(limits: Limits): Promise<RetentionReport>;
  /** Rows thrown away because the disk could not keep up or refused them. */
  readonly lostRows: number;
  flush(): Promise<void>;
  /** Flushes, and resolves when the text index holds every row; without that it follows by itself. */
  catchUp(): Promise<void>;
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
    read: (name) => worker.ask({ kind: "read", name }),
    clear: () => worker.ask({ kind: "clear" }),
    usage: (query) => worker.ask({ kind: "usage", query }),
    readings: (query) => worker.ask({ kind: "readings", query }),
    history: (query) => worker.ask({ kind: "history", query }),
    retain: (limits) => worker.ask({ kind: "retain", limits }),
    get lostRows() {
      return writer.lostRows;
    },
    flush,
    async catchUp() {
      await flush();
      await worker.ask({ kind: "catchUp" });
    },
    async close() {
      await flush();
      await worker.ask({ kind: "close" });
    },
  };
}
