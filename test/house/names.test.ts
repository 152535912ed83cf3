import { describe, expect, test } from "vitest";

import type { SourceFile } from "./source-tree.ts";
import { isNode, nodesOf, sourceFiles } from "./source-tree.ts";

const forbidden = new Set([
  "manager",
  "helper",
  "helpers",
  "util",
  "utils",
  "common",
  "shared",
  "misc",
  "base",
  "data",
]);

/** Terms of the field that hold a forbidden word, and the product's own name. */
const tolerated = /codex-?manager|base-?urls?|data-?director(?:y|ies)/gi;

function forbiddenWords(name: string): readonly string[] {
  return name
    .replace(tolerated, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => forbidden.has(word));
}

const files = sourceFiles("src", "test", "scripts", "bench", "bin", "web");

describe("names", () => {
  test("no file or folder has a forbidden word in its name", () => {
    expect(files.map((file) => file.path).filter((path) => forbiddenWords(path).length > 0)).toEqual([]);
  });

  test("files are named in kebab-case", () => {
    const odd = files.filter(({ path }) => !/^(?:[a-z0-9-]+\/)*[a-z0-9-]+(?:\.[a-z]+)+$/.test(path));
    expect(odd.filter((file) => !file.path.startsWith("web/")).map((file) => file.path)).toEqual([]);
  });

  test("no export has a forbidden word in its name", () => {
    expect(
      files.flatMap((file) =>
        exportedNames(file)
          .filter(hasForbidden)
          .map((name) => `${file.path}: ${name}`),
      ),
    ).toEqual([]);
  });

  test.each([
    ["account-manager", ["manager"]],
    ["baseClient", ["base"]],
    ["userData", ["data"]],
    ["DataStoreUtils", ["data", "utils"]],
    ["databasePath", []],
    ["baseUrl", []],
    ["upstreamBaseUrl", []],
    ["codexmanager-web", []],
    ["dataDirectory", []],
    ["metadata", []],
  ])("the rule reads %s", (name, words) => {
    expect(forbiddenWords(name)).toEqual(words);
  });
});

function hasForbidden(name: string): boolean {
  return forbiddenWords(name).length > 0;
}

/** Names a file exports by declaration or in a list. */
function exportedNames(file: SourceFile): readonly string[] {
  return nodesOf(file)
    .filter((node) => node.type === "ExportNamedDeclaration")
    .flatMap(({ declaration, specifiers }) => [
      ...(isNode(declaration) ? declaredNames(declaration) : []),
      ...(Array.isArray(specifiers)
        ? specifiers.flatMap((each: unknown) => (isNode(each) ? nameOf(each.exported) : []))
        : []),
    ]);
}

function declaredNames(declaration: { readonly [field: string]: unknown }): readonly string[] {
  const { id, declarations } = declaration;
  if (Array.isArray(declarations))
    return declarations.flatMap((each: unknown) => (isNode(each) ? nameOf(each.id) : []));
  return nameOf(id);
}

function nameOf(node: unknown): readonly string[] {
  return isNode(node) && typeof node.name === "string" ? [node.name] : [];
}
