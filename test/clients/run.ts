// `npm run test:clients [filter…]`: fetches real clients and runs them through the gateway over the simulated world.
// A filter is a client ("claude"), a version ("0.125"), a way of Codex ("chatgpt") or part of a scenario's file name
// ("resume"). Filters of one kind add up, those of different kinds narrow each other down.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startVitest } from "vitest/node";
import { cacheDirectory } from "./cache-directory.ts";
import { isWay } from "./codex/versions.ts";
import { install } from "./install.ts";
import { isProgramName, type Program, programNames, programs } from "./programs.ts";
import { summarise } from "./summary.ts";

const filters = process.argv.slice(2);
const versions = filters.filter((filter) => /^(?:\d+\.|latest$)/.test(filter));
const ways = filters.filter(isWay);
const names = filters.filter(isProgramName);
const files = filters.filter((filter) => ![...versions, ...ways, ...names].includes(filter));

const cache = cacheDirectory();
await mkdir(cache, { recursive: true });
const wanted = names.length > 0 ? names : ways.length > 0 ? (["codex"] as const) : programNames;
const installed: Program[] = [];
for (const name of wanted) {
  for (const release of programs[name]) {
    const isWanted =
      versions.length === 0 || versions.some((version) => Object.values(release)[0]?.startsWith(version));
    if (!isWanted) continue;
    const program = await install(name, release, cache);
    if (!installed.some(({ folder }) => folder === program.folder)) installed.push(program);
  }
}
if (installed.length === 0) {
  console.error(`No client is called ${filters.join(" ")}. There are ${programNames.join(", ")}.`);
  process.exit(1);
}

const root = join(import.meta.dirname, "../..");
const vitest = await startVitest("test", files, {
  root,
  config: join(import.meta.dirname, "vitest.config.ts"),
  watch: false,
  provide: { programs: installed, ways },
});
console.log(summarise(vitest.state.getTestModules()));
await vitest.close();
