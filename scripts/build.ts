// Bundles the source and the libraries it uses into dist/, which is what is published: Node strips no types inside
// node_modules. Whatever the source starts through `entryUrl` becomes an entry of its own beside the program.

import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";

import { build } from "rolldown";

import { licencesOf } from "./build/licences.ts";

const root = join(import.meta.dirname, "..");
const entryCall = /entryUrl\(\s*import\.meta\.url,\s*"(?<source>[^"]+)",\s*"(?<bundled>[^"]+)",?\s*\)/g;

/** Name in dist/ -> source. */
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
  output: { dir: "dist", format: "esm", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
});
const chunks = output.filter((part) => part.type === "chunk");
writeFileSync(join(root, "dist/third-party-licences.txt"), licencesOf(chunks.flatMap((chunk) => chunk.moduleIds)));
const bytes = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk.code), 0);
console.log(`dist/: ${chunks.map((chunk) => chunk.fileName).join(", ")}; ${(bytes / 1_000_000).toFixed(1)} MB`);
