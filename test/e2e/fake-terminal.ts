// A terminal for commands run inside the test: keeps what is printed, and is told when to signal.

import { systemClock } from "../../src/kit/clock.ts";
import type { Terminal } from "../../src/cli/context.ts";
import type { ExitCode } from "../../src/cli/exit-codes.ts";
import { run } from "../../src/cli/run.ts";

export interface Ran {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface CommandOptions {
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface RunningCommand {
  /** Resolves with the first printed line that matches; rejects when the command ends without it. */
  line(pattern: RegExp): Promise<string>;
  signal(): void;
  readonly ended: Promise<Ran>;
}

/** Runs one command to its end, in English and on this data directory. */
export function runCommand(args: readonly string[], options: CommandOptions): Promise<Ran> {
  return startCommand(args, options).ended;
}

export function startCommand(
  args: readonly string[],
  { directory, env = {}, input = "" }: CommandOptions,
): RunningCommand {
  const out: string[] = [];
  const err: string[] = [];
  const waiting = new Set<() => void>();
  const listeners = new Set<() => void>();
  const print = (to: string[], line: string): void => {
    to.push(line);
    for (const look of waiting) look();
  };
  const terminal: Terminal = {
    place: {
      platform: process.platform,
      home: directory,
      env: { LANG: "C", CODEXMANAGER_DATA_DIR: directory, ...env },
    },
    workingDirectory: directory,
    packageRoot: directory,
    entry: "unused",
    isInteractive: false,
    clock: systemClock,
    out: (line) => print(out, line),
    err: (line) => print(err, line),
    readInput: () => Promise.resolve(input),
    readSecret: () => Promise.resolve(input),
    onSignal(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    exit: (code) => void err.push(`exit ${code}`),
  };
  const ended = run(args, terminal).then((exitCode) => ({ exitCode, out: out.join("\n"), err: err.join("\n") }));
  return {
    ended,
    signal() {
      for (const listener of listeners) listener();
    },
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = [...out, ...err].find((line) => pattern.test(line));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        ended.then(({ err: text }) => reject(new Error(`the command ended: ${text}`)), reject);
      }),
  };
}
