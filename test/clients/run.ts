// `npm run test:clients [filter…]`: fetches real Codex CLIs and runs them through the gateway over the simulated world.
// A filter is a version ("0.125"), a way ("chatgpt") or part of a scenario's file name ("resume").

import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { startVitest } from "vitest/node";
import { cacheDirectory } from "./cache-directory.ts";
import { type Installed, install, resolveTag } from "./install.ts";
import { summarise } from "./summary.ts";
import { type Client, isWay, releases, waysOf } from "./versions.ts";

const filters = process.argv.slice(2);
const versionFilters = filters.filter((filter) => /^(?:\d+\.|latest$)/.test(filter));
const wayFilters = filters.filter(isWay);
const fileFilters = filters.filter((filter) => !versionFilters.includes(filter) && !isWay(filter));

const cache = cacheDirectory();
await mkdir(cache, { recursive: true });
const clients = (await installed()).flatMap(({ version, script }): Client[] =>
  waysOf(version)
    .filter((way) => wayFilters.length === 0 || wayFilters.includes(way))
    .map((way) => ({ version, way, script })),
);
if (clients.length === 0) {
  console.error(`No client is called ${filters.join(" ")}. Versions: ${releases.join(", ")}.`);
  process.exit(1);
}

const root = join(import.meta.dirname, "../..");
const vitest = await startVitest("test", fileFilters, {
  root,
  config: join(import.meta.dirname, "vitest.config.ts"),
  watch: false,
  provide: { clients },
});
console.log(summarise(vitest.state.getTestModules()));
await vitest.close();

async function installed(): Promise<readonly Installed[]> {
  const found: Installed[] = [];
  for (const release of releases) {
    const isWanted = versionFilters.length === 0 || versionFilters.some((filter) => release.startsWith(filter));
    if (!isWanted) continue;
    const version = release === "latest" ? await newest() : release;
    found.push(await install(version, cache));
  }
  return found;
}

/** Without a network, the newest that is there. */
async function newest(): Promise<string> {
  try {
    return await resolveTag("latest");
  } catch (error) {
    const names = await readdir(cache);
    const kept = names.flatMap((name) => /^codex@(\d+\.\d+\.\d+)$/.exec(name)?.[1] ?? []);
    const last = kept.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
    if (last === undefined) throw error;
    console.log(`npm cannot be asked for the newest release; using ${last}, which is there.`);
    return last;
  }
}
