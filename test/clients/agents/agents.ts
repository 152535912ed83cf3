// The agents this run is about.

import { installed } from "../installed.ts";
import type { Agent } from "./agent.ts";
import { claude } from "./claude.ts";
import { gemini } from "./gemini.ts";
import { opencode, opencodeDialects } from "./opencode.ts";

export const agents: readonly Agent[] = [
  ...installed("claude").map(claude),
  ...installed("gemini").map(gemini),
  ...installed("opencode").flatMap((program) => opencodeDialects.map((dialect) => opencode(program, dialect))),
];
