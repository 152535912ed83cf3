// The Codex releases this run is about, each by every way it can be pointed at the gateway.

import { join } from "node:path";
import { inject } from "vitest";
import { installed } from "../installed.ts";
import { type Client, waysOf } from "./versions.ts";

const SCRIPT = join("node_modules", "@openai", "codex", "bin", "codex.js");
const asked = inject("ways");

export const clients: readonly Client[] = installed("codex").flatMap(({ version, folder }) =>
  waysOf(version)
    .filter((way) => asked.length === 0 || asked.includes(way))
    .map((way) => ({ version, way, script: join(folder, SCRIPT) })),
);

/** One way of each release, for what does not depend on the way. */
export const oneOfEachRelease: readonly Client[] = clients.filter(
  ({ version }, index) => clients.findIndex((client) => client.version === version) === index,
);

/** For `describe.each`: the title that `run.ts` makes its summary from. */
export const title = "codex $version by $way";
