// Runs a script as if the Node at hand were an older one, and tells what it said.

import { spawn } from "node:child_process";

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Version to claim, e.g. `20.1.0`; the real one when left out. */
  readonly version?: string;
}

export function runNode(args: readonly string[], { cwd, env = {}, version }: Options): Promise<Run> {
  const claim = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  const preload = version === undefined ? [] : ["--import", `data:text/javascript,${encodeURIComponent(claim)}`];
  const child = spawn(process.execPath, [...preload, ...args], { cwd, env: { ...process.env, ...env } });
  child.stdin.end();
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
