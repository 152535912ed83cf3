import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { budgets, madeEntries, rootEntries } from "./budgets.ts";
import type { SourceFile } from "./source-tree.ts";
import { lineAt, nodesOf, root, sourceFiles } from "./source-tree.ts";
import { settingEntries } from "../../src/contract/settings/table.ts";

const all = sourceFiles("src", "test", "scripts", "bench", "bin", "web");
const written = all.filter((file) => !file.isTest);

describe("sizes", () => {
  test(`the median file has fewer than ${budgets.medianFileLines} lines`, () => {
    const lines = sourceFiles("src")
      .filter((file) => !file.isTest)
      .map((file) => file.lines);
    expect(lines.toSorted((a, b) => a - b)[Math.floor(lines.length / 2)]).toBeLessThan(budgets.medianFileLines);
  });

  test(`no file has more than ${budgets.fileLines} lines`, () => {
    const long = all.filter((file) => file.lines > budgets.fileLines);
    expect(long.map((file) => `${file.path}: ${file.lines} lines`)).toEqual([]);
  });

  test(`every function has fewer than ${budgets.functionLines} lines`, () => {
    expect(written.flatMap(longFunctions)).toEqual([]);
  });

  test(`there are at most ${budgets.runtimeDependencies} runtime dependencies`, () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, object | undefined>;
    const names = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
    expect(names.length).toBeLessThanOrEqual(budgets.runtimeDependencies);
  });

  test("only known entries stand at the top of the repository", () => {
    const known = new Set([...rootEntries, ...madeEntries]);
    const unknown = readdirSync(root).filter((name) => !known.has(name) && !/\.(?:log|tgz)$/.test(name));
    expect(unknown).toEqual([]);
  });

  test.each(["README.md", "README.zh-CN.md"])(`%s has at most ${budgets.readmeLines} lines`, (name) => {
    expect(readFileSync(join(root, name), "utf8").split("\n").length).toBeLessThanOrEqual(budgets.readmeLines);
  });

  test(`at most ${budgets.basicSettings} settings are basic`, () => {
    const basic = settingEntries.filter((entry) => entry.setting.level === "basic");
    expect(basic.length).toBeLessThanOrEqual(budgets.basicSettings);
  });
});

function longFunctions(file: SourceFile): readonly string[] {
  return nodesOf(file).flatMap(({ type, start, end }) => {
    if (!/^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type)) return [];
    const first = lineAt(file, start);
    const lines = lineAt(file, end) - first + 1;
    return lines < budgets.functionLines ? [] : [`${file.path}:${first}: a function of ${lines} lines`];
  });
}
