// The clients this run is about, as `run.ts` has installed and chosen them.

import { inject } from "vitest";
import type { Client } from "./versions.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly clients: readonly Client[];
  }
}

export const clients: readonly Client[] = inject("clients");

/** One way of each release, for what does not depend on the way. */
export const oneOfEachRelease: readonly Client[] = clients.filter(
  ({ version }, index) => clients.findIndex((client) => client.version === version) === index,
);

/** For `describe.each`: the title that `run.ts` makes its summary from. */
export const title = "Codex $version by $way";
