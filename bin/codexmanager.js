#!/usr/bin/env node
// Starts the program under a Node that can run it: the one at hand, or the pinned one when that is too old. Plain JavaScript
// for any Node from 18 on. A clone runs its source (and installs what is missing), a package its bundle.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const oldestNode = 24;
const root = fileURLToPath(new URL("..", import.meta.url));
const isClone = existsSync(`${root}src/main.ts`);
const entry = isClone ? `${root}src/main.ts` : `${root}dist/main.js`;

function pinnedNode() {
  const name = process.platform === "win32" ? "node.exe" : "node";
  return [`${root}node_modules/node/bin/${name}`, `${root}../node/bin/${name}`].find((path) => existsSync(path));
}

function continueUnder(node) {
  const child = spawn(node, [entry, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // Ctrl+C in a terminal reaches the child by itself; sent twice it would mean "now".
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    console.error(`codexmanager: cannot run ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (isClone) await import("../scripts/setup.mjs");
if (Number(process.versions.node.split(".")[0]) >= oldestNode) {
  process.argv[1] = entry;
  await import(pathToFileURL(entry).href);
} else if (pinnedNode()) {
  continueUnder(pinnedNode());
} else {
  console.error(
    `codexmanager: this is Node ${process.versions.node}, but Node ${oldestNode} or newer is needed. ` +
      "Install it, or put the npm package node@26 beside this one.",
  );
  process.exitCode = 1;
}
