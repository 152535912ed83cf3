// Starts processes on one core, where the system has `taskset`, so that the measured one has a core to itself.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import { endWithBench } from "./left-over.ts";
import { hasProc } from "./process-cost.ts";

/** The measured process has the first core; upstream, load and the bench itself have the second. */
export type Core = "subject" | "around";

const cores: Readonly<Record<Core, string>> = { subject: "0", around: "1" };

export const isPinning: boolean =
  hasProc && availableParallelism() > 1 && spawnSync("taskset", ["-c", "0", "true"]).status === 0;

export interface StartOptions {
  readonly core: Core | null;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether Node's channel to the child is wanted. */
  readonly hasChannel?: boolean;
}

export function startPinned(command: string, args: readonly string[], options: StartOptions): ChildProcess {
  const { core, env = process.env, hasChannel = false } = options;
  const isPinned = isPinning && core !== null;
  const child = isPinned ? "taskset" : command;
  const all = isPinned ? ["-c", cores[core], command, ...args] : args;
  const stdio = ["ignore", "ignore", "pipe"] as const;
  const started = endWithBench(spawn(child, all, { env, stdio: hasChannel ? [...stdio, "ipc"] : [...stdio] }));
  started.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords.set(started, ((lastWords.get(started) ?? "") + text).slice(-2000));
  });
  return started;
}

const lastWords = new WeakMap<ChildProcess, string>();

/** The end of what the process has said on its standard error. */
export function lastWordsOf(child: ChildProcess): string {
  return lastWords.get(child) ?? "";
}

/** Starts one of the bench's own files. */
export function startPart(file: string, core: Core): ChildProcess {
  return startPinned(process.execPath, [...reporting, join(import.meta.dirname, file)], { core, hasChannel: true });
}

/** Arguments that make a process tell its own use where nothing else does. */
export const reporting: readonly string[] = hasProc ? [] : ["--import", join(import.meta.dirname, "usage-report.ts")];

/** Ends the process and waits until it is gone. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}
