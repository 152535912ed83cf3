// One running instance per data directory. The operating system holds the lock and drops it with the process, however
// that ends: a lock file left behind is never mistaken for a running instance, nor is a process that reuses its number.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { explainOpenError, StoreError } from "./store-error.ts";

export interface InstanceLock {
  release(): void;
}

const sqliteBusy = 5;
/** Keeps the locks of this process from being collected, which would drop them. */
const heldLocks = new Set<DatabaseSync>();

/** `directory` must exist. Throws StoreError `in_use` with the process number of the instance that runs there. */
export function lockInstance(directory: string): InstanceLock {
  const pidFile = join(directory, "codexmanager.pid");
  const path = join(directory, "codexmanager.lock");
  let lock: DatabaseSync | null = null;
  try {
    lock = new DatabaseSync(path, { timeout: 0 });
    lock.exec("pragma locking_mode = exclusive; begin exclusive");
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    lock?.close();
    if ((error as { errcode?: number }).errcode !== sqliteBusy) throw explainOpenError(error, path);
    const advice = "Stop it first, or use another data directory.";
    throw new StoreError("in_use", `${directory} is in use by ${holder(pidFile)}. ${advice}`, error);
  }
  const held = lock;
  heldLocks.add(held);
  return {
    release() {
      if (!heldLocks.delete(held)) return;
      rmSync(pidFile, { force: true });
      held.close();
    },
  };
}

function holder(pidFile: string): string {
  try {
    return `CodexManager (process ${readFileSync(pidFile, "utf8").trim()})`;
  } catch {
    return "another CodexManager";
  }
}
