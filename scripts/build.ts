// Bundles the source into dist/ for publishing: Node strips no types inside node_modules. Everything is bundled, so that the
// package installs without dependencies of its own growing stale; files that start a thread become entries of their own.

import { globSync, readFileSync, rmSync } from "node:fs";
import { join, posix } from "node:path";

import { build } from "rolldown";

const root = join(import.meta.dirname, "..");
const entryCall = /entryUrl\(\s*import\.meta\.url,\s*"(?<source>[^"]+)",\s*"(?<bundled>[^"]+)",?\s*\)/g;

/** Name in dist/ -> source: the program, and whatever the source starts through `entryUrl`. */
function entries(): Record<string, string> {
  const found: Record<string, string> = { main: "src/main.ts" };
  for (const file of globSync("src/**/*.ts", { cwd: root }).toSorted()) {
    for (const { groups } of readFileSync(join(root, file), "utf8").matchAll(entryCall)) {
      const name = posix.basename(groups?.bundled ?? "", ".js");
      found[name] = posix.join(posix.dirname(file), groups?.source ?? "");
    }
  }
  return found;
}

rmSync(join(root, "dist"), { recursive: true, force: true });
const { output } = await build({
  cwd: root,
  input: entries(),
  platform: "node",
  external: [/^node:/],
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    minify: { compress: true, mangle: false, codegen: false },
    banner:
      "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
const bytes = output.reduce((sum, part) => sum + Buffer.byteLength(part.type === "chunk" ? part.code : part.source), 0);
console.log(`dist/: ${output.length} files, ${(bytes / 1_000_000).toFixed(1)} MB`);
