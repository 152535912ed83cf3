// Everything that judges the repository without running it: format, types, lint, unused code, lockfile. One line for each
// check; the last line is the sum, the exit code says whether all passed.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { lockfileProblems } from "./check/lockfile.ts";

const root = join(import.meta.dirname, "..");

/** Resolves to null when the check passed, else to what it has to say. */
type Check = () => Promise<string | null>;

const checks: Readonly<Record<string, Check>> = {
  format: command("oxfmt", "--check", "."),
  types: command("tsc", "-p", "."),
  lint: command("oxlint", "--type-aware", "--deny-warnings"),
  unused: command("knip", "--no-progress"),
  lockfile: async () => lockfileProblems(read("package-lock.json"), read("package.json")).join("\n") || null,
};

function command(name: string, ...args: readonly string[]): Check {
  const path = `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`;
  return () =>
    new Promise((resolve) => {
      const isWindows = process.platform === "win32";
      const child = spawn(name, args, {
        cwd: root,
        env: { ...process.env, PATH: path, NO_COLOR: "1" },
        stdio: ["ignore", "pipe", "pipe"],
        shell: isWindows,
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
      }
      child.on("error", (error) => resolve(`cannot run ${name}: ${error.message}`));
      child.on("close", (code) => resolve(code === 0 ? null : output || `${name} ended with code ${code}`));
    });
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(root, name), "utf8"));
}

async function report(name: string, check: Check): Promise<boolean> {
  const startedAt = performance.now();
  const problem = await check();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${problem === null ? "ok    " : "FAILED"}  ${name.padEnd(10)} ${seconds.padStart(5)} s`);
  if (problem !== null) console.log(problem.trimEnd().replace(/^/gm, "        "));
  return problem === null;
}

const results = await Promise.all(Object.entries(checks).map(([name, check]) => report(name, check)));
const passed = results.filter(Boolean).length;
console.log(`${passed} passed, ${results.length - passed} failed`);
process.exitCode = passed === results.length ? 0 : 1;
