import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockInstance } from "./instance-lock.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cxm-lock-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Another process that holds the lock until it is killed. */
async function startHolder() {
  const module = JSON.stringify(new URL("./instance-lock.ts", import.meta.url).href);
  const script = `
    import { lockInstance } from ${module};
    lockInstance(${JSON.stringify(directory)});
    console.log("locked");
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(holder.stdout, "data");
  return holder;
}

test("a second instance is refused with the process number of the first, until that one ends", async () => {
  const holder = await startHolder();
  expect(() => lockInstance(directory)).toThrow(new RegExp(`process ${holder.pid}\\)`));
  holder.kill("SIGKILL");
  await once(holder, "exit");
  lockInstance(directory).release();
});

test("a released lock can be taken again, and a held one not even by its own process", () => {
  const lock = lockInstance(directory);
  expect(() => lockInstance(directory)).toThrow(expect.objectContaining({ problem: "in_use" }));
  lock.release();
  expect(existsSync(join(directory, "codexmanager.pid"))).toBe(false);
  lockInstance(directory).release();
});

test("a directory that is not there is told as unwritable", () => {
  expect(() => lockInstance(join(directory, "none"))).toThrow(expect.objectContaining({ problem: "unwritable" }));
});
