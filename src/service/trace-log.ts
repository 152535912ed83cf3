// The file gateway-trace.log in the original's form. Lines wait in a bounded queue for the disk; what does not fit is counted,
// and a file that has grown large makes room for a new one.

import { constants, open, rename, stat } from "node:fs/promises";

import type { TraceLog } from "../gateway/ports.ts";
import { withoutSecrets } from "../kit/redact.ts";
import type { Clock } from "../kit/clock.ts";
import { metricText } from "./metric-text.ts";

export interface TraceFile extends TraceLog {
  /** Lines that found the queue full. */
  readonly droppedLines: number;
  close(): Promise<void>;
}

export interface TraceFileOptions {
  readonly path: string;
  readonly clock: Clock;
  /** Lines that may wait. */
  readonly capacity: number;
  readonly onError: (error: unknown) => void;
}

/** The file before this one is kept as `.1`. */
const LARGEST_BYTES = 64 * 1024 * 1024;

export function traceFile({ path, clock, capacity, onError }: TraceFileOptions): TraceFile {
  let queue: string[] = [];
  let droppedLines = 0;
  let writing: Promise<void> | null = null;
  let isScheduled = false;

  async function writeAll(): Promise<void> {
    while (queue.length > 0) {
      const lines = queue;
      queue = [];
      await makeRoom(path);
      await append(path, lines.join(""));
    }
  }

  function start(): void {
    isScheduled = false;
    writing ??= writeAll()
      .catch(onError)
      .finally(() => (writing = null));
  }

  return {
    get droppedLines() {
      return droppedLines;
    },
    line(event, fields) {
      if (queue.length >= capacity) {
        droppedLines += 1;
        return;
      }
      const pairs = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`);
      queue.push(`${[`ts=${Math.floor(clock.now() / 1000)}`, `event=${event}`, ...pairs].join(" ")}\n`);
      if (!isScheduled) setImmediate(start);
      isScheduled = true;
    },
    async close() {
      await writing;
      start();
      await writing;
    },
  };
}

/** What /metrics tells of the trace. */
export function traceMetrics({ droppedLines }: Pick<TraceFile, "droppedLines">): string {
  return metricText({
    name: "codexmanager_trace_dropped_lines_total",
    help: "Lines of the trace that found its queue full",
    type: "counter",
    samples: [{ value: droppedLines }],
  });
}

function shown(value: string | number | boolean | null): string {
  return typeof value === "string" ? withoutSecrets(value) : value === null ? "-" : String(value);
}

async function makeRoom(path: string): Promise<void> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size >= LARGEST_BYTES) await rename(path, `${path}.1`);
}

/** A symbolic link in its place is not followed. */
async function append(path: string, text: string): Promise<void> {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants;
  const file = await open(path, O_APPEND | O_CREAT | O_WRONLY | (O_NOFOLLOW ?? 0), 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}
