import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { runNode } from "./old-node.ts";

const program = `console.log(JSON.stringify({ from: import.meta.filename, args: process.argv.slice(2) }));
process.exitCode = Number(process.argv.at(-1)) || 0;`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "launcher-"));
  cpSync(fileURLToPath(new URL("../../bin", import.meta.url)), join(folder, "package/bin"), { recursive: true });
  write("package/package.json", '{ "type": "module" }');
  write("package/dist/main.js", program);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Puts this Node where the npm package `node` keeps its own. */
function putNode(path: string): void {
  mkdirSync(join(folder, path, "node/bin"), { recursive: true });
  symlinkSync(process.execPath, join(folder, path, "node/bin", process.platform === "win32" ? "node.exe" : "node"));
}

async function launch(bin: string, args: readonly string[], version?: string) {
  const run = await runNode(
    [join("package/bin", bin), ...args],
    version === undefined ? { cwd: folder } : { cwd: folder, version },
  );
  return { ...run, said: run.stdout === "" ? null : (JSON.parse(run.stdout) as { from: string; args: string[] }) };
}

describe("the launcher", () => {
  test("runs the bundle of a package, passing arguments and exit code on", async () => {
    const { said, code } = await launch("codexmanager.js", ["status", "--json", "3"]);
    expect(said).toEqual({ from: expect.stringMatching(/dist.main\.js$/), args: ["status", "--json", "3"] });
    expect(code).toBe(3);
  });

  test("runs the source in a clone, after its set-up", async () => {
    write("package/src/main.ts", `const typed: number = 1; void typed;\n${program}`);
    write("package/scripts/setup.mjs", 'console.error("set up");');
    const { said, stderr } = await launch("codexmanager.js", []);
    expect(said?.from).toMatch(/src.main\.ts$/);
    expect(stderr).toContain("set up");
  });

  test.each(["service", "web", "start"])("codexmanager-%s means that command", async (name) => {
    const { said } = await launch(`codexmanager-${name}.js`, ["--flag"]);
    expect(said?.args).toEqual([name, "--flag"]);
  });

  test.each(["package/node_modules", "."])(
    "continues under the newer Node in %s when this one is too old",
    async (place) => {
      putNode(place);
      const { said, code, stderr } = await launch("codexmanager.js", ["a", "4"], "20.1.0");
      expect(stderr).toBe("");
      expect(said?.args).toEqual(["a", "4"]);
      expect(code).toBe(4);
    },
  );

  test("passes a signal on and ends as the program ends", async () => {
    putNode(".");
    write(
      "package/dist/main.js",
      `process.on("SIGTERM", () => process.exit(7));
      setInterval(() => {}, 1000);
      process.kill(process.ppid, "SIGTERM");`,
    );
    expect((await launch("codexmanager.js", [], "20.1.0")).code).toBe(7);
  });

  test("says one clear sentence when there is no Node new enough", async () => {
    const { code, stderr, stdout } = await launch("codexmanager.js", [], "20.1.0");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      "codexmanager: this is Node 20.1.0, but Node 24 or newer is needed. Install it, or put the npm package node@26 beside this one.\n",
    );
  });
});
