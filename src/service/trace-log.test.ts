import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { VirtualClock } from "../kit/virtual-clock.ts";
import type { TraceFile } from "./trace-log.ts";
import { traceFile } from "./trace-log.ts";

const LARGE = 64 * 1024 * 1024;

let directory: string;
let path: string;
let errors: unknown[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cxm-trace-"));
  path = join(directory, "gateway-trace.log");
  errors = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

function open(capacity = 10): TraceFile {
  return traceFile({ path, capacity, clock: new VirtualClock(5_900), onError: (error) => void errors.push(error) });
}

describe("the trace file", () => {
  test("has the original's form, no secrets and no line breaks inside a line", async () => {
    const trace = open();
    trace.line("REQUEST_START", { trace_id: "trc_1", model: null, stream: true, error: "a\nb Bearer abc" });
    trace.line("REQUEST_FINAL", { trace_id: "trc_1", status: 200 });
    await trace.close();
    expect(readFileSync(path, "utf8")).toBe(
      "ts=5 event=REQUEST_START trace_id=trc_1 model=- stream=true error=a b Bearer [redacted]\n" +
        "ts=5 event=REQUEST_FINAL trace_id=trc_1 status=200\n",
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("drops and counts what does not fit its queue", async () => {
    const trace = open(2);
    for (const number of [1, 2, 3, 4]) trace.line("X", { number });
    await trace.close();
    expect([readFileSync(path, "utf8").split("\n").length - 1, trace.droppedLines]).toEqual([2, 2]);
  });

  test("makes room when the file has grown large, keeping the one before", async () => {
    writeFileSync(path, "old");
    truncateSync(path, LARGE);
    const trace = open();
    trace.line("X", {});
    await trace.close();
    expect(readFileSync(path, "utf8")).toBe("ts=5 event=X\n");
    expect(statSync(`${path}.1`).size).toBe(LARGE);
  });

  test("does not follow a symbolic link put in its place", async () => {
    const target = join(directory, "target");
    writeFileSync(target, "");
    symlinkSync(target, path);
    const trace = open();
    trace.line("X", {});
    await trace.close();
    expect(readFileSync(target, "utf8")).toBe("");
    expect(errors).toHaveLength(1);
  });
});
