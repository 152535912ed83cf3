// The program's own log: JSON lines, or short lines for a person at a terminal. Everything logged passes through redaction.

import { pino } from "pino";

import { redacted, withoutSecrets } from "./redact.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** Resolves when everything logged so far has left the process. */
  flush(): Promise<void>;
}

export interface LogOptions {
  /** File descriptor that is written to; 2 is stderr. */
  readonly descriptor: number;
  readonly isForPeople: boolean;
}

export function createLog({ descriptor, isForPeople }: LogOptions): Log {
  // With a minimum of 0 its flush would call back before anything is written.
  const destination = pino.destination({ dest: descriptor, sync: false, minLength: 1 });
  const stream = isForPeople ? { write: (line: string) => void destination.write(forPeople(line)) } : destination;
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    stream,
  );
  const at =
    (level: "info" | "warn" | "error") =>
    (message: string, fields: Fields = {}) =>
      logger[level](redacted(fields) as object, withoutSecrets(message));
  return {
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    flush: () => new Promise((resolve) => destination.flush(() => resolve())),
  };
}

export const silentLog: Log = { info() {}, warn() {}, error() {}, flush: () => Promise.resolve() };

function forPeople(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${[String(time).slice(11, 19), String(level).toUpperCase(), String(msg), ...rest].join(" ")}\n`;
}
