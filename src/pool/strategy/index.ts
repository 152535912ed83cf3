// The routing strategies by name. Adding one is a file and a line here.

import { balanced } from "./balanced.ts";
import { ordered } from "./ordered.ts";
import type { Strategy } from "./strategy.ts";

export const strategies = { ordered, balanced } as const satisfies Record<string, Strategy>;

export type StrategyName = keyof typeof strategies;
