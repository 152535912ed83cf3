import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { completeEnvironment, parseEnvFile } from "./env-file.ts";

describe("parseEnvFile", () => {
  test.each([
    ["A=1", { A: "1" }],
    ["  export A = 1 ", { A: "1" }],
    ["A=one two # note", { A: "one two" }],
    ["A=one#two", { A: "one#two" }],
    ["A=# only a note", { A: "" }],
    ['A="x # y"', { A: "x # y" }],
    ["A='x \"y\"'  # note", { A: 'x "y"' }],
    ['A="unclosed', { A: '"unclosed' }],
    ["A=", { A: "" }],
    ["A=b=c", { A: "b=c" }],
    ["\uFEFFA=1\r\nB=2\r\n", { A: "1", B: "2" }],
    ["A=1\nA=2", { A: "2" }],
    ["# A=1\n; B=2\n\n   \nC=3", { C: "3" }],
    ["no equals sign\n1A=2\nA-B=3\n=4", {}],
  ])("reads %j", (text, values) => {
    expect(parseEnvFile(text)).toEqual(values);
  });
});

describe("completeEnvironment", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "env-file-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  test("fills only what is not set", () => {
    const path = write("codexmanager.env", "A=file\nB=file\nC=file");
    const result = completeEnvironment({ A: "own", B: "", C: undefined }, { file: null, folders: [folder] });
    expect(result).toEqual({ ok: true, env: { A: "own", B: "", C: "file" }, path });
  });

  test("reads the first existing name of the first folder that has one, and only that", () => {
    write(".env", "A=dotenv\nB=dotenv");
    const result = completeEnvironment({}, { file: null, folders: [join(folder, "none"), folder] });
    expect(result).toMatchObject({ env: { A: "dotenv" } });
    write("codexmanager.env", "A=named");
    expect(completeEnvironment({}, { file: null, folders: [folder] })).toMatchObject({ env: { A: "named" } });
    expect(completeEnvironment({}, { file: null, folders: [folder] })).not.toMatchObject({ env: { B: "dotenv" } });
  });

  test("a named file is the only one read", () => {
    write("codexmanager.env", "A=beside");
    const file = write("other.env", "A=other");
    expect(completeEnvironment({}, { file, folders: [folder] })).toMatchObject({ env: { A: "other" }, path: file });
  });

  test("a named file that is missing or unreadable is an error that names it", () => {
    const missing = join(folder, "missing.env");
    expect(completeEnvironment({}, { file: missing, folders: [] })).toEqual({
      ok: false,
      message: `there is no env file ${missing}`,
    });
    expect(completeEnvironment({}, { file: folder, folders: [] })).toMatchObject({ ok: false });
  });

  test("without any file the environment stays as it is", () => {
    expect(completeEnvironment({ A: "own" }, { file: null, folders: [folder] })).toEqual({
      ok: true,
      env: { A: "own" },
      path: null,
    });
  });
});
