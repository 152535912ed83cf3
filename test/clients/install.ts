// Fetches real clients from npm into the cache, each release in a folder of its own; what is there is used as it is.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Program, ProgramName, Release } from "./programs.ts";

/** Installs the release unless it is there. Without a network, the newest that is there stands for "latest". */
export async function install(name: ProgramName, release: Release, cache: string): Promise<Program> {
  const resolved = await resolve(release);
  if (resolved === null) return newestKept(name, cache);
  const specs = Object.entries(resolved).map(([spec, version]) => `${spec}@${version}`);
  const version = Object.values(resolved)[0] ?? "";
  const folder = join(cache, folderName(name, version, specs));
  if (!existsSync(folder)) await fetchInto(folder, specs);
  return { name, version, folder };
}

/** Installs beside the final place and moves it there whole, so that an interrupted run leaves nothing half done. */
async function fetchInto(folder: string, specs: readonly string[]): Promise<void> {
  console.log(`Fetching ${specs.join(" ")} into ${folder} (up to 400 MB on disk) …`);
  const draft = `${folder}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await writeFile(join(draft, "package.json"), '{ "private": true, "type": "module" }\n');
  await npm(["install", "--no-audit", "--no-fund", "--no-package-lock", ...specs], draft);
  await rename(draft, folder);
}

/** A release of several packages is told from another with the same first one by a hash. */
function folderName(name: string, version: string, specs: readonly string[]): string {
  const mark = specs.length === 1 ? "" : `-${createHash("sha256").update(specs.join(" ")).digest("hex").slice(0, 8)}`;
  return `${name}@${version}${mark}`;
}

/** Every tag becomes the version it stands for now; null when npm cannot be asked. */
async function resolve(release: Release): Promise<Release | null> {
  const entries = await Promise.all(
    Object.entries(release).map(async ([spec, version]): Promise<[string, string]> => {
      return [spec, version === "latest" ? await resolveTag(spec, version) : version];
    }),
  ).catch(() => null);
  return entries === null ? null : Object.fromEntries(entries);
}

async function resolveTag(spec: string, tag: string): Promise<string> {
  const answer = JSON.parse(await npm(["view", `${spec}@${tag}`, "version", "--json"], process.cwd())) as unknown;
  if (typeof answer !== "string") throw new Error(`npm does not say which ${spec} is "${tag}": ${String(answer)}`);
  return answer;
}

async function newestKept(name: ProgramName, cache: string): Promise<Program> {
  const pattern = new RegExp(`^${name}@(\\d+\\.\\d+\\.\\d+)(?:-[0-9a-f]{8})?$`);
  const kept = (await readdir(cache)).flatMap((folder) => {
    const version = pattern.exec(folder)?.[1];
    return version === undefined ? [] : [{ name, version, folder: join(cache, folder) }];
  });
  const newest = kept.toSorted((a, b) => a.version.localeCompare(b.version, "en", { numeric: true })).at(-1);
  if (newest === undefined) throw new Error(`npm cannot be asked for ${name}, and no release of it is in ${cache}.`);
  console.log(`npm cannot be asked for the newest ${name}; using ${newest.version}, which is there.`);
  return newest;
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
