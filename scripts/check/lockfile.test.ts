import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { lockfileProblems } from "./lockfile.ts";

const integrity = "sha512-x";
const manifest = { devDependencies: { linter: "1.2.3" } };

function lockfile(): { packages: Record<string, Record<string, unknown>> } {
  return {
    packages: {
      "": { ...manifest },
      "node_modules/linter": {
        version: "1.2.3",
        integrity,
        dependencies: { words: "^2.0.0" },
        optionalDependencies: { "@linter/linux-x64": "1.2.3", "@linter/darwin-arm64": "1.2.3" },
        peerDependencies: { plugin: ">=1" },
        peerDependenciesMeta: { plugin: { optional: true } },
      },
      "node_modules/linter/node_modules/words": { version: "2.1.0", integrity },
      "node_modules/@linter/linux-x64": { version: "1.2.3", integrity, optional: true },
      "node_modules/@linter/darwin-arm64": { version: "1.2.3", integrity, optional: true },
    },
  };
}

describe("lockfileProblems", () => {
  test("finds nothing in a complete lockfile", () => {
    expect(lockfileProblems(lockfile(), manifest)).toEqual([]);
  });

  test("the repository's own lockfile is complete", () => {
    const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8"));
    expect(lockfileProblems(read("package-lock.json"), read("package.json"))).toEqual([]);
  });

  test("names the binding of another platform that is left out", () => {
    const broken = lockfile();
    delete broken.packages["node_modules/@linter/darwin-arm64"];
    expect(lockfileProblems(broken, manifest)).toEqual([
      "@linter/darwin-arm64@1.2.3, needed by node_modules/linter, is not in the lockfile",
    ]);
  });

  test("does not take a package inside another one for its own", () => {
    const broken = lockfile();
    broken.packages["node_modules/other"] = { version: "1.0.0", integrity, dependencies: { words: "^2.0.0" } };
    expect(lockfileProblems(broken, manifest)).toEqual([
      "words@^2.0.0, needed by node_modules/other, is not in the lockfile",
    ]);
  });

  test("tells an exact version that is not the one locked", () => {
    const broken = lockfile();
    broken.packages["node_modules/@linter/linux-x64"] = { version: "1.2.4", integrity };
    expect(lockfileProblems(broken, manifest)).toEqual([
      "@linter/linux-x64 is 1.2.4, but node_modules/linter needs 1.2.3",
    ]);
  });

  test("refuses the name of a host and an entry without integrity", () => {
    const broken = lockfile();
    broken.packages["node_modules/@linter/linux-x64"] = { version: "1.2.3", resolved: "https://mirror.test/x.tgz" };
    expect(lockfileProblems(broken, manifest)).toHaveLength(2);
  });

  test("tells when package.json and the lockfile disagree", () => {
    expect(lockfileProblems(lockfile(), { devDependencies: { linter: "1.2.3", more: "1.0.0" } })).toEqual([
      "package.json and the lockfile disagree about more in devDependencies",
    ]);
  });
});
