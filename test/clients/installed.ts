// The clients this run is about, as `run.ts` has installed and chosen them.

import { inject } from "vitest";
import type { Program, ProgramName } from "./programs.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly programs: readonly Program[];
    /** The ways of Codex that were asked for; empty means all. */
    readonly ways: readonly string[];
  }
}

/** The chosen releases of one client; none when the run is about others. */
export function installed(name: ProgramName): readonly Program[] {
  return inject("programs").filter((program) => program.name === name);
}

/** For `describe.each`: the title that `run.ts` makes its summary from. */
export const title = "$name $version";
