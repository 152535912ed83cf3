// argv -> command; the only file with effects at import time.

import { once } from "node:events";
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Threads and child processes find the cache through the environment.
const { directory } = enableCompileCache();
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;

const [{ run }, { hiddenLine }, { systemClock }, { hereAndNow }] = await Promise.all([
  import("./cli/run.ts"),
  import("./cli/hidden-line.ts"),
  import("./kit/clock.ts"),
  import("./kit/paths.ts"),
]);

/** Whoever read our output has gone, as in `start | head -1`: no reason to stop serving. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  process.stdin.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(process.stdin, "end");
  return Buffer.concat(chunks).toString("utf8");
}

process.exitCode = await run(process.argv.slice(2), {
  place: hereAndNow(),
  workingDirectory: process.cwd(),
  packageRoot: fileURLToPath(new URL("..", import.meta.url)),
  entry: fileURLToPath(import.meta.url),
  isInteractive: process.stdout.isTTY && process.stderr.isTTY,
  clock: systemClock,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  readInput,
  async readSecret(prompt) {
    if (!process.stdin.isTTY) return readInput();
    process.stderr.write(prompt);
    const line = await hiddenLine(process.stdin);
    process.stderr.write("\n");
    return line;
  },
  onSignal(listener) {
    for (const signal of STOP_SIGNALS) process.on(signal, listener);
    return () => {
      for (const signal of STOP_SIGNALS) process.off(signal, listener);
    };
  },
  exit: (code) => process.exit(code),
});
