// The routing strategies by name. Adding one is a file and a line here.

import { balanced } from "./balanced.ts";
import { drain } from "./drain.ts";
import { leastLoaded } from "./least-loaded.ts";
import { ordered } from "./ordered.ts";
import { resetFirst } from "./reset-first.ts";
import type { Strategy } from "./strategy.ts";

export const strategies = {
  ordered,
  balanced,
  "reset-first": resetFirst,
  drain,
  "least-loaded": leastLoaded,
} as const satisfies Record<string, Strategy>;

export type StrategyName = keyof typeof strategies;

export function isStrategy(name: string): name is StrategyName {
  return Object.hasOwn(strategies, name);
}
