// The program as a process of its own.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Child {
  readonly process: ChildProcess;
  /** Resolves with the first line on stdout that matches; rejects when the process ends without it. */
  line(pattern: RegExp): Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly err: string }>;
}

const entry = join(import.meta.dirname, "../../src/main.ts");

/** `env` is the whole environment apart from PATH. */
export function startChild(args: readonly string[], env: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { PATH: process.env.PATH, LANG: "C", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let err = "";
  child.stderr.on("data", (chunk) => (err += String(chunk)));
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, err }));
  return {
    process: child,
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find((line) => pattern.test(line));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        ended.then(({ err: text }) => reject(new Error(`the process ended: ${text}`)), reject);
      }),
  };
}

/** The first address in a line. */
export function urlIn(line: string): string {
  return /http:\/\/[^\s)]+/.exec(line)?.[0] ?? "";
}
