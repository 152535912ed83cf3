// Leaves nothing behind, however the bench ends: its processes are ended and its folders removed when it exits.

import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const children: ChildProcess[] = [];
const folders: string[] = [];

process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(1));

export function endWithBench(child: ChildProcess): ChildProcess {
  children.push(child);
  return child;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "codexmanager-bench-"));
  folders.push(folder);
  return folder;
}
