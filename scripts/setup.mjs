// Makes a fresh clone runnable: installs what the lockfile asks for when it is not there, and says so. Plain JavaScript on
// purpose: it is the one file that runs under whatever Node the machine has.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const runtimes = ["node_modules/node/bin/node", "node_modules/node/bin/node.exe"];
const oldestNode = 24;

const say = (text) => console.error(`CodexManager: ${text}`);

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(root + path, "utf8")).packages;
  } catch {
    return null;
  }
}

/** Whether node_modules holds what the lockfile asks for: npm's own record of it agrees, and every folder is there. */
function isInstalled() {
  const wanted = packagesOf("package-lock.json") ?? {};
  const installed = packagesOf("node_modules/.package-lock.json");
  if (installed === null) return false;
  const isMissing = ([path, { optional, devOptional }]) => path !== "" && !installed[path] && !optional && !devOptional;
  const isWrong = ([path, { version }]) => wanted[path]?.version !== version || !existsSync(root + path);
  return !Object.entries(wanted).some(isMissing) && !Object.entries(installed).some(isWrong);
}

/** A runtime new enough: the one the package pins, else the one running this. */
function hasRuntime() {
  const isPinned = packagesOf("package-lock.json")?.["node_modules/node"] !== undefined;
  return (
    runtimes.some((path) => existsSync(root + path)) ||
    !isPinned ||
    Number(process.versions.node.split(".")[0]) >= oldestNode
  );
}

function npm(...args) {
  const path = process.env.npm_execpath;
  const [command, ...first] = path?.match(/npm-cli\.c?js$/) ? [process.execPath, path] : ["npm"];
  const shell = command === "npm" && process.platform === "win32";
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...args, "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", 2, 2],
      shell,
    });
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
  });
}

async function install() {
  say("installing dependencies (once, about half a minute) …");
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const progress = setInterval(() => say(`still installing, ${seconds()} s so far …`), 10_000);
  const isDone = await npm("ci", "--include=dev", "--include=optional");
  clearInterval(progress);
  if (isDone) say(`dependencies installed in ${seconds()} s.`);
  return isDone;
}

async function setUp() {
  if (!isInstalled() && !(await install())) {
    return "installing failed. Is the npm registry reachable? Then run the same command again.";
  }
  if (hasRuntime()) return null;
  say("fetching the pinned Node runtime …");
  await npm("rebuild", "node", "--ignore-scripts=false");
  if (hasRuntime()) return null;
  return `the pinned Node runtime could not be fetched and this Node is ${process.versions.node}. Install Node ${oldestNode} or newer and run the same command again.`;
}

const problem = await setUp();
if (problem !== null) {
  say(problem);
  process.exit(1);
}
