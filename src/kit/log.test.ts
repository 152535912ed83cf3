import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { createLog } from "./log.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cxm-log-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function logged(isForPeople: boolean): Promise<string> {
  const path = join(directory, "log");
  const descriptor = openSync(path, "w");
  const log = createLog({ descriptor, isForPeople });
  log.warn("cannot\u001b renew Bearer abc", { accountId: "a1", refreshToken: "rt_secret", error: new Error("boom") });
  await log.flush();
  closeSync(descriptor);
  return readFileSync(path, "utf8");
}

test("one JSON line per event, with level and time, without secrets and control characters", async () => {
  const line = JSON.parse(await logged(false)) as Record<string, unknown>;
  expect(line).toMatchObject({
    level: "warn",
    msg: "cannot  renew Bearer [redacted]",
    accountId: "a1",
    refreshToken: "[redacted]",
    error: expect.stringMatching(/^Error: boom/) as string,
  });
  expect(Date.parse(String(line.time))).not.toBeNaN();
});

test("a short line for people", async () => {
  expect(await logged(true)).toMatch(/^\d\d:\d\d:\d\d WARN cannot  renew Bearer \[redacted\] accountId="a1" /);
});
