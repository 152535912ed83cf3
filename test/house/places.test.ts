// Nothing in the repository names the machine or the registry it was made on.

import { globSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { madeEntries } from "./budgets.ts";
import { root } from "./source-tree.ts";

const files = globSync(["**/*", ".*", ".ci/**/*", ".github/**/*"], {
  cwd: root,
  exclude: (path) => madeEntries.includes(path) || /\.(?:log|tgz)$/.test(path),
}).filter((path) => statSync(join(root, path)).isFile());

/** Paths that exist on this machine only, when they are long enough to be telling. */
const machinePaths = [root, homedir()].filter((path) => path.length > 1).map((path) => `${path}/`);

const registry = hostOf(process.env.npm_config_registry) ?? "registry.npmjs.org";

function hostOf(address: string | undefined): string | null {
  return address !== undefined && URL.canParse(address) ? new URL(address).host : null;
}

function filesWith(...texts: readonly string[]): readonly string[] {
  return files.filter((path) => {
    const content = readFileSync(join(root, path), "utf8");
    return texts.some((text) => content.includes(text));
  });
}

test("the walk finds the repository's files", () => {
  expect(files).toEqual(expect.arrayContaining(["package.json", ".npmrc", join(".ci", "run")]));
  expect(files.length).toBeGreaterThan(50);
});

test("no file holds a path of this machine", () => {
  expect(filesWith(...machinePaths)).toEqual([]);
});

test("no file names a registry's host", () => {
  const self = join("test", "house", "places.test.ts");
  expect(filesWith(registry, "registry.npmjs.org", "registry.npmmirror.com").filter((path) => path !== self)).toEqual(
    [],
  );
});
