// The repository's own source as facts: files, their imports, exported names and functions, read with a real parser.

import { globSync, readFileSync } from "node:fs";
import { join, posix, resolve, sep } from "node:path";

import { parseAst } from "rolldown/parseAst";

export const root = resolve(import.meta.dirname, "../..");

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly isTest: boolean;
}

/** A node of the syntax tree, as far as the house looks at it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Source files under the given folders, sorted; fixtures and installed packages left out. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  const patterns = folders.map((folder) => `${folder}/**/*.{ts,tsx,js,mjs}`);
  return globSync(patterns, { cwd: root, exclude: (path) => path === "node_modules" || path === "fixtures" })
    .map((path) => path.split(sep).join("/"))
    .toSorted()
    .map(sourceFile);
}

function sourceFile(path: string): SourceFile {
  const text = readFileSync(join(root, path), "utf8");
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return { path, text, lines, isTest: /\.test\.tsx?$/.test(path) };
}

/** Every node of a file's syntax tree, parents first. */
export function nodesOf({ path, text }: SourceFile): readonly SyntaxNode[] {
  const lang = path.endsWith(".tsx") ? "tsx" : path.endsWith(".ts") ? "ts" : "js";
  const nodes: SyntaxNode[] = [];
  collect(parseAst(text.replace(/^#!.*/, ""), { lang }), nodes);
  return nodes;
}

function collect(value: unknown, nodes: SyntaxNode[]): void {
  if (Array.isArray(value)) for (const item of value) collect(item, nodes);
  if (!isNode(value)) return;
  nodes.push(value);
  for (const child of Object.values(value)) if (typeof child === "object") collect(child, nodes);
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** What a file imports, types included: repository paths for relative imports, the bare name for everything else. */
export function importsOf(file: SourceFile): readonly string[] {
  const sources = nodesOf(file).flatMap((node) => {
    const isImport = /^(?:Import|ExportNamed|ExportAll)(?:Declaration|Expression)$/.test(node.type);
    return isImport && isNode(node.source) && typeof node.source.value === "string" ? [node.source.value] : [];
  });
  return [...new Set(sources)].map((source) =>
    source.startsWith(".") ? posix.join(posix.dirname(file.path), source) : source,
  );
}

/** Line of a position, from 1. */
export function lineAt({ text }: SourceFile, position: number): number {
  return text.slice(0, position).split("\n").length;
}
