// One instance per data directory. The lock is held by the operating system for the life of the process, so a crash leaves
// nothing behind; a small file beside it tells who the instance is and where it listens.

import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { replaceFile } from "../kit/atomic-file.ts";
import { explainOpenError } from "../store/store-error.ts";

export interface InstanceFacts {
  readonly pid: number;
  readonly serviceUrl: string | null;
  readonly webUrl: string | null;
}

export interface Instance {
  /** Says where the instance is reached. */
  announce(facts: InstanceFacts): Promise<void>;
  release(): Promise<void>;
}

/** Somebody else works in the data directory; `message` is a complete sentence for people. */
class InstanceError extends Error {
  constructor(directory: string, pid: number | null) {
    const who = pid === null ? "another process" : `process ${pid}`;
    super(`${who} already works in ${directory}. Stop it first, or choose another data directory with --data-dir.`);
    this.name = "InstanceError";
  }
}

const busy = 5;
/** Somebody who only looks whether the lock is free holds it for less than this. */
const briefMs = 200;

const lockPath = (directory: string): string => join(directory, "codexmanager.lock");
const factsPath = (directory: string): string => join(directory, "codexmanager.instance.json");

/** Takes the directory (it is created), or throws InstanceError when it is taken and StoreError when it is not writable. */
export async function takeInstance(directory: string): Promise<Instance> {
  const taken = await takeLock(directory);
  return {
    announce: (facts) => replaceFile(factsPath(directory), `${JSON.stringify(facts)}\n`),
    async release() {
      await rm(factsPath(directory), { force: true });
      taken.close();
    },
  };
}

/** The instance that works in the directory now; null when there is none. */
export async function findInstance(directory: string): Promise<InstanceFacts | null> {
  if (!existsSync(lockPath(directory))) return null;
  try {
    lock(directory, 0).close();
    return null;
  } catch (error) {
    if (!isBusy(error)) throw explainOpenError(error, lockPath(directory));
    return await readFacts(directory);
  }
}

async function takeLock(directory: string): Promise<DatabaseSync> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return lock(directory, briefMs);
  } catch (error) {
    if (isBusy(error)) throw new InstanceError(directory, (await readFacts(directory))?.pid ?? null);
    throw explainOpenError(error, lockPath(directory));
  }
}

/** Closing the connection gives the lock back. */
function lock(directory: string, waitMs: number): DatabaseSync {
  const path = lockPath(directory);
  closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path, { timeout: waitMs });
  try {
    database.exec("pragma journal_mode = memory; begin exclusive");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === busy;
}

async function readFacts(directory: string): Promise<InstanceFacts | null> {
  try {
    const { pid, serviceUrl, webUrl } = JSON.parse(await readFile(factsPath(directory), "utf8")) as InstanceFacts;
    return Number.isInteger(pid) ? { pid, serviceUrl: serviceUrl ?? null, webUrl: webUrl ?? null } : null;
  } catch {
    return null;
  }
}
