import { describe, expect, test } from "vitest";

import { climbingImports, floors, folderOf, impureChains, pureFolders, pureModules } from "./layers.ts";
import type { SourceFile, SyntaxNode } from "./source-tree.ts";
import { importsOf, isNode, lineAt, nodesOf, sourceFiles } from "./source-tree.ts";

const files = sourceFiles("src").filter((file) => !file.isTest);
const graph = new Map(files.map((file) => [file.path, importsOf(file)]));
const testGraph = new Map(sourceFiles("src").map((file) => [file.path, importsOf(file)]));

/** Libraries that only compute may be used everywhere; of Node itself, the parts that touch the world may not. */
const isImpure = (module: string) =>
  (module.startsWith("node:") && !pureModules.has(module)) ||
  ["undici", "pino", "kysely", "hono", "@hono/node-server", "prom-client", "ws"].includes(
    module.replace(/^(@[^/]+\/[^/]+|[^/]+).*$/, "$1"),
  );

describe("the layers", () => {
  test("the graph is read: every source file, with imports that exist", () => {
    expect(graph.size).toBeGreaterThan(20);
    const missing = [...testGraph].flatMap(([file, imports]) =>
      imports.filter((path) => path.startsWith("src/") && !testGraph.has(path)).map((path) => `${file} -> ${path}`),
    );
    expect(missing.filter((line) => !line.endsWith(".json"))).toEqual([]);
  });

  test("a file imports its own folder and lower floors only", () => {
    expect(climbingImports(testGraph)).toEqual([]);
  });

  test("every folder under src has a floor", () => {
    const folders = new Set(files.map((file) => folderOf(file.path) ?? ""));
    expect([...folders].filter((folder) => floors[folder] === undefined)).toEqual([]);
  });

  test("wire, pool and contract reach no module that does I/O", () => {
    expect(impureChains(graph, isImpure)).toEqual([]);
  });

  test("wire, pool and contract read no clock, environment or randomness", () => {
    const pure = files.filter((file) => pureFolders.includes(folderOf(file.path) ?? ""));
    expect(pure.flatMap((file) => nodesOf(file).flatMap((node) => worldly(file, node)))).toEqual([]);
  });

  test("main.ts alone stands at the top", () => {
    const importers = [...testGraph].filter(([, imports]) => imports.includes("src/main.ts"));
    expect(importers.map(([file]) => file)).toEqual([]);
  });
});

/** Uses of the world without an import: `Date.now()`, `process`, timers, random values. */
function worldly(file: SourceFile, node: SyntaxNode): readonly string[] {
  const found = (name: string) => [`${file.path}:${lineAt(file, node.start)} uses ${name}`];
  if (node.type === "MemberExpression" && isNode(node.object) && isNode(node.property)) {
    const name = `${String(node.object.name)}.${String(node.property.name)}`;
    const isWorldly = ["Date.now", "Math.random", "performance.now", "crypto.randomUUID", "crypto.getRandomValues"];
    if (isWorldly.includes(name) || name.startsWith("process.")) return found(name);
  }
  if (node.type === "NewExpression" && isNode(node.callee) && node.callee.name === "Date") {
    if (Array.isArray(node.arguments) && node.arguments.length === 0) return found("new Date()");
  }
  if (node.type === "CallExpression" && isNode(node.callee)) {
    const name = String(node.callee.name);
    if (["setTimeout", "setInterval", "setImmediate", "fetch", "randomUUID", "randomBytes"].includes(name)) {
      return found(name);
    }
  }
  return [];
}

describe("the rules themselves", () => {
  const chain = new Map([
    ["src/pool/a.ts", ["src/kit/b.ts"]],
    ["src/kit/b.ts", ["src/kit/c.ts"]],
    ["src/kit/c.ts", ["node:fs"]],
  ]);

  test("an import that climbs is named with both ends", () => {
    const climbing = new Map([["src/pool/a.ts", ["src/store/b.ts", "src/wire/c.ts", "src/kit/d.ts", "zod"]]]);
    expect(climbingImports(climbing)).toEqual([
      "src/pool/a.ts -> src/store/b.ts: pool (floor 1) may not know store (floor 2)",
      "src/pool/a.ts -> src/wire/c.ts: pool (floor 1) may not know wire (floor 1)",
    ]);
  });

  test("the simulated world imports the kit only, and src never imports its tests", () => {
    const imports = new Map([["src/demo/a.ts", ["src/contract/b.ts", "test/c.ts"]]]);
    expect(climbingImports(imports)).toHaveLength(2);
  });

  test("I/O is found through others, and the whole chain is told", () => {
    expect(impureChains(chain, (module) => module === "node:fs")).toEqual([
      "src/pool/a.ts -> src/kit/b.ts -> src/kit/c.ts -> node:fs",
    ]);
  });
});
