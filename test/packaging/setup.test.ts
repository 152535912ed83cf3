import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Run } from "./old-node.ts";
import { runNode } from "./old-node.ts";

/** Stands in for npm: notes its arguments, and on `ci` installs what the lockfile lists for this platform. */
const npm = `
  const fs = require("node:fs");
  fs.appendFileSync("npm-calls", process.argv.slice(2, 4).join(" ") + "\\n");
  if (process.env.NPM_FAILS) process.exit(1);
  if (process.argv[2] === "ci") {
    const lock = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
    const entries = Object.entries(lock.packages).filter(([path, entry]) => path !== "" && !entry.optional);
    for (const [path] of entries) fs.mkdirSync(path, { recursive: true });
    fs.writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: Object.fromEntries(entries) }));
  }
  if (process.argv[2] === process.env.NPM_FETCHES) {
    fs.mkdirSync("node_modules/node/bin", { recursive: true });
    fs.writeFileSync("node_modules/node/bin/node", "");
  }
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "setup-"));
  mkdirSync(join(folder, "scripts"));
  copyFileSync(new URL("../../scripts/setup.mjs", import.meta.url), join(folder, "scripts/setup.mjs"));
  write("npm-cli.js", npm);
  lock({ "node_modules/words": { version: "1.0.0" }, "node_modules/other": { version: "1.0.0", optional: true } });
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function lock(packages: Record<string, object>): void {
  write("package-lock.json", JSON.stringify({ packages: { "": {}, ...packages } }));
}

function setUp(env: Record<string, string> = {}, version?: string): Promise<Run> {
  return runNode(["scripts/setup.mjs"], {
    cwd: folder,
    env: { npm_execpath: join(folder, "npm-cli.js"), ...env },
    ...(version === undefined ? {} : { version }),
  });
}

function npmCalls(): readonly string[] {
  const path = join(folder, "npm-calls");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

describe("setup", () => {
  test("installs on a fresh clone and says so, with the packages needed for development", async () => {
    const { code, stderr, stdout } = await setUp();
    expect(code).toBe(0);
    expect(stderr).toContain("installing dependencies");
    expect(stderr).toContain("dependencies installed");
    expect(stdout).toBe("");
    expect(npmCalls()).toEqual(["ci --include=dev"]);
  });

  test("does nothing and says nothing the second time", async () => {
    await setUp();
    expect(await setUp()).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(npmCalls()).toHaveLength(1);
  });

  test("installs again when the lockfile asks for another version", async () => {
    await setUp();
    lock({ "node_modules/words": { version: "1.0.1" } });
    await setUp();
    expect(npmCalls()).toHaveLength(2);
  });

  test("installs again when a package was removed from the lockfile or from the disk", async () => {
    lock({ "node_modules/words": { version: "1.0.0" }, "node_modules/more": { version: "1.0.0" } });
    await setUp();
    rmSync(join(folder, "node_modules/more"), { recursive: true });
    await setUp();
    lock({ "node_modules/words": { version: "1.0.0" } });
    await setUp();
    expect(npmCalls()).toHaveLength(3);
  });

  test("an installation that was broken off is begun anew", async () => {
    write("node_modules/words/package.json", "{}");
    await setUp();
    expect(npmCalls()).toHaveLength(1);
  });

  test("fails with one clear sentence when npm fails", async () => {
    const { code, stderr } = await setUp({ NPM_FAILS: "1" });
    expect(code).toBe(1);
    expect(stderr).toContain("Is the npm registry reachable?");
  });
});

describe("the pinned runtime", () => {
  beforeEach(() => lock({ "node_modules/node": { version: "26.0.0" } }));

  test("is fetched when its binary is missing and this Node is too old", async () => {
    const { code, stderr } = await setUp({ NPM_FETCHES: "rebuild" }, "20.1.0");
    expect(code).toBe(0);
    expect(stderr).toContain("fetching the pinned Node runtime");
    expect(npmCalls()).toEqual(["ci --include=dev", "rebuild node"]);
  });

  test("is not needed when this Node is new enough", async () => {
    expect(await setUp({}, "24.0.0")).toMatchObject({ code: 0 });
    expect(npmCalls()).toHaveLength(1);
  });

  test("that cannot be had is told, with what to do", async () => {
    const { code, stderr } = await setUp({}, "20.1.0");
    expect(code).toBe(1);
    expect(stderr).toContain("this Node is 20.1.0. Install Node 24 or newer");
  });
});
