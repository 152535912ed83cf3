// The service as a child of `web`.

import { spawn } from "node:child_process";
import { once } from "node:events";

import { pause } from "../kit/clock.ts";
import type { Context, Options } from "./context.ts";

export interface OwnService {
  /** Asks it to stop in order and waits for its end. */
  stop(): Promise<void>;
}

const LONGEST_START_MS = 15_000;
const LOOK_MS = 100;

export async function isAnswering(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL("/health", url))).ok;
  } catch {
    return false;
  }
}

/** Resolves when the service answers; null when it has ended instead, or takes too long (it is stopped then). */
export async function spawnService(context: Context, options: Options, url: string): Promise<OwnService | null> {
  const { terminal, globalFlags } = context;
  const { serviceAddr } = options;
  const address = typeof serviceAddr === "string" ? ["--service-addr", serviceAddr] : [];
  const args = [terminal.entry, "service", ...globalFlags, ...address];
  const child = spawn(process.execPath, args, { stdio: "inherit", cwd: terminal.workingDirectory });
  const ended = once(child, "exit").catch(() => null); // what cannot be started has ended, too
  const over = new AbortController();
  void ended.then(() => over.abort());
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const giveUpAt = terminal.clock.now() + LONGEST_START_MS;
  while (!over.signal.aborted && terminal.clock.now() < giveUpAt) {
    if (await isAnswering(url)) return { stop };
    await pause(terminal.clock, LOOK_MS);
  }
  await stop();
  return null;
}
