import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFile, replaceFile } from "./atomic-file.ts";

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cxm-file-"));
  path = join(directory, "file");
});

afterEach(() => rmSync(directory, { recursive: true }));

test("a file is created once, private, and a second creation changes nothing", async () => {
  expect(await createFile(path, "one")).toBe(true);
  expect(await createFile(path, "two")).toBe(false);
  expect(readFileSync(path, "utf8")).toBe("one");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(["file"]);
});

test("of many creations at once exactly one succeeds, with its whole content", async () => {
  const created = await Promise.all(Array.from({ length: 8 }, (_, at) => createFile(path, `content ${at}`)));
  expect(created.filter(Boolean)).toHaveLength(1);
  expect(readFileSync(path, "utf8")).toBe(`content ${created.indexOf(true)}`);
});

test("replacing leaves the new content, private, and nothing beside it", async () => {
  writeFileSync(path, "old", { mode: 0o644 });
  await replaceFile(path, "new");
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(["file"]);
});

test("a symbolic link is not followed", async () => {
  const victim = join(directory, "victim");
  writeFileSync(victim, "untouched");
  symlinkSync(victim, path);
  await expect(replaceFile(path, "new")).rejects.toThrow(/symbolic link/);
  expect(await createFile(path, "new")).toBe(false);
  expect(readFileSync(victim, "utf8")).toBe("untouched");
});
