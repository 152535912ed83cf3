// When `npm start` makes its bundle anew.

import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = new URL("../../scripts/staleness.mjs", import.meta.url).href;
const { isStale } = (await import(script)) as { isStale: (made: string, sources: readonly string[]) => boolean };

let folder: string;
let made: string;
let source: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cxm-stale-"));
  source = join(folder, "src");
  made = join(folder, "made.js");
  mkdirSync(join(source, "deep"), { recursive: true });
  for (const path of ["a.ts", "deep/b.ts"].map((name) => join(source, name))) writeFileSync(path, "");
  writeFileSync(made, "");
  for (const path of ["", "a.ts", "deep", "deep/b.ts"].map((name) => join(source, name))) changeAt(path, 1);
  changeAt(made, 2);
});
afterEach(() => rmSync(folder, { recursive: true }));

function changeAt(path: string, hour: number): void {
  const at = new Date(Date.UTC(2026, 10, 20, hour));
  utimesSync(path, at, at);
}

test("what is newer than everything it was made from is kept", () => {
  expect(isStale(made, [source])).toBe(false);
});

test("what is not there has to be made", () => {
  expect(isStale(join(folder, "none.js"), [source])).toBe(true);
});

test("a file that was changed deep inside makes it stale", () => {
  changeAt(join(source, "deep/b.ts"), 3);
  expect(isStale(made, [source])).toBe(true);
});

test("a file that went makes it stale", () => {
  rmSync(join(source, "deep/b.ts"));
  expect(isStale(made, [source])).toBe(true);
});
