// Gathers rows on the main thread and sends them on in batches, never more than the disk can be expected to take.

import { createBatch } from "../../kit/batch.ts";
import type { Clock } from "../../kit/clock.ts";
import type { Reading } from "../../pool/account.ts";
import type { LogBatch } from "./log-tables.ts";
import { requestColumns, toValues } from "./request-row.ts";
import type { RequestRow } from "../../contract/request-row.ts";
import type { RowValue } from "./request-row.ts";

export interface LogWriter {
  readonly record: (row: RequestRow) => void;
  readonly recordReading: (accountId: string, reading: Reading) => void;
  /** The oldest batch on its way is done with: written, or lost for the reason given. */
  settle(error: string | null): void;
  /** Sends what has been gathered. */
  flush(): Promise<void>;
  readonly lostRows: number;
}

export interface LogWriterOptions {
  readonly send: (batch: LogBatch) => void;
  readonly clock: Clock;
  readonly onError: (message: string) => void;
}

const delayMs = 100;
/** Rows that may wait for the disk, here and on their way; about 20 MB. */
const mostWaiting = 20_000;

export function createLogWriter({ send, clock, onError }: LogWriterOptions): LogWriter {
  const sent: number[] = [];
  let requests: RowValue[] = [];
  let readings: { accountId: string; reading: Reading }[] = [];
  let waiting = 0;
  let lostRows = 0;

  function sendAll(): void {
    const count = requests.length / requestColumns.length + readings.length;
    if (count === 0) return;
    sent.push(count);
    send({ requests, readings });
    requests = [];
    readings = [];
  }

  const batch = createBatch({ clock, delayMs, write: sendAll, onError: (error) => onError(String(error)) });

  /** Whether there is room for one more row; without it the row is lost. */
  function takesRow(): boolean {
    const hasRoom = waiting < mostWaiting;
    if (hasRoom) waiting += 1;
    else lostRows += 1;
    return hasRoom;
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
    settle(error) {
      const count = sent.shift() ?? 0;
      waiting -= count;
      if (error === null) return;
      lostRows += count;
      onError(`${count} rows of the request log are lost: ${error}`);
    },
    flush: () => batch.flush(),
    get lostRows() {
      return lostRows;
    },
  };
}
