// Fetches real Codex CLIs from npm into the cache, each release in a folder of its own; what is there is used as it is.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface Installed {
  readonly version: string;
  /** The package's own start script. */
  readonly script: string;
}

const PACKAGE = "@openai/codex";
const SCRIPT = join("node_modules", "@openai", "codex", "bin", "codex.js");

/** The version that a tag such as "latest" stands for now. */
export async function resolveTag(tag: string): Promise<string> {
  const answer = JSON.parse(await npm(["view", `${PACKAGE}@${tag}`, "version", "--json"], process.cwd())) as unknown;
  if (typeof answer !== "string") throw new Error(`npm does not say which ${PACKAGE} is "${tag}": ${String(answer)}`);
  return answer;
}

/** Installs beside the final place and moves it there whole, so that an interrupted run leaves nothing half done. */
export async function install(version: string, cache: string): Promise<Installed> {
  const folder = join(cache, `codex@${version}`);
  const script = join(folder, SCRIPT);
  if (existsSync(script)) return { version, script };
  console.log(`Fetching ${PACKAGE}@${version} into ${folder} (up to 400 MB on disk) …`);
  const draft = `${folder}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await writeFile(join(draft, "package.json"), '{ "private": true }\n');
  await npm(["install", "--no-audit", "--no-fund", "--no-package-lock", `${PACKAGE}@${version}`], draft);
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  return { version, script };
}

/** Runs the npm that runs us, or the one on the path. */
function npm(args: readonly string[], cwd: string): Promise<string> {
  const own = process.env.npm_execpath;
  const isWindows = process.platform === "win32";
  const child = own
    ? spawn(process.execPath, [own, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] })
    : spawn(isWindows ? "npm.cmd" : "npm", args, { cwd, stdio: ["ignore", "pipe", "pipe"], shell: isWindows });
  let output = "";
  let complaint = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (complaint += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`npm ${args.join(" ")} ended with ${code}:\n${complaint}`));
    });
  });
}
