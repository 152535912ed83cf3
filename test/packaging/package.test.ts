// The package as people install it: built, packed, installed into an empty folder, and run from there.

import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "package-"));
const home = join(folder, "home");
const bins = join(folder, "node_modules/.bin");
let service: ChildProcess | undefined;

beforeAll(() => {
  npm(root, "pack", "--pack-destination", folder);
  const [tarball = ""] = globSync("*.tgz", { cwd: folder });
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  mkdirSync(home);
  npm(folder, "install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, tarball));
}, 120_000);

afterAll(async () => {
  if (service && service.exitCode === null) {
    service.kill("SIGKILL");
    await once(service, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
});

function npm(cwd: string, ...args: readonly string[]): void {
  const path = process.env.npm_execpath;
  const [command, ...first] = path === undefined ? ["npm"] : [process.execPath, path];
  execFileSync(command, [...first, ...args], { cwd, stdio: ["ignore", "ignore", "pipe"] });
}

/** An environment without anything of this repository, with a home and data directory of its own. */
function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:CODEXMANAGER_|npm_|NODE_OPTIONS)/.test(name));
  return { ...Object.fromEntries(own), HOME: home, CODEXMANAGER_DATA_DIR: join(folder, "state"), ...more };
}

async function start(): Promise<{ process: ChildProcess; address: string }> {
  const child = spawn(join(bins, "codexmanager"), ["start"], {
    cwd: folder,
    env: environment({
      CODEXMANAGER_SERVICE_ADDR: "127.0.0.1:0",
      CODEXMANAGER_WEB_ADDR: "127.0.0.1:0",
      CODEXMANAGER_WEB_NO_OPEN: "1",
    }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  service = child;
  let said = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    said += String(chunk);
    const address = /codexmanager-service listening on .*?(127\.0\.0\.1:\d+)/.exec(said)?.[1];
    if (address !== undefined) {
      child.stdout.resume();
      return { process: child, address };
    }
  }
  throw new Error(`the service ended before it listened: ${said}${String(child.stderr.read())}`);
}

describe("the installed package", () => {
  test("holds the bundle and no source", () => {
    const files = globSync("**/*", { cwd: join(folder, "node_modules/codexmanager") });
    expect(files).toEqual(
      expect.arrayContaining(["package.json", join("dist", "main.js"), join("bin", "codexmanager.js")]),
    );
    expect(files.filter((path) => path.endsWith(".ts"))).toEqual([]);
  });

  test("`codexmanager start` serves, `cxm status` sees it, SIGTERM ends it well", async () => {
    const { process: child, address } = await start();
    expect(await (await fetch(`http://${address}/health`)).text()).toBe("ok");
    const env = environment({ CODEXMANAGER_SERVICE_ADDR: address });
    const status: unknown = JSON.parse(
      execFileSync(join(bins, "cxm"), ["status", "--json"], { cwd: folder, env, encoding: "utf8" }),
    );
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    expect(status).toMatchObject({ version, pid: child.pid });
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
  });
});
