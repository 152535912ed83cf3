// What a ChatGPT plan means here: which quota windows it has, and how fast a turn fills them.

import { FIVE_HOURS, MONTH, WEEK } from "./windows.ts";

/** The ChatGPT plans in use (the real list is longer and grows), and "api" for an API key, which has no windows. */
export type Plan = "api" | "free" | "go" | "plus" | "pro" | "prolite" | "team" | "business" | "enterprise" | "edu";

export interface PlanTerms {
  /** Window lengths in minutes; the first one is reported as "primary". */
  readonly windowMinutes: readonly number[];
  /** Relative size of the windows; a turn costs 1 / capacity of what it costs on plan "plus". */
  readonly capacity: number;
}

const STANDARD = [FIVE_HOURS, WEEK];

export const PLANS: Readonly<Record<Plan, PlanTerms>> = {
  api: { windowMinutes: [], capacity: 1 },
  free: { windowMinutes: [MONTH], capacity: 0.2 },
  go: { windowMinutes: [WEEK], capacity: 0.5 },
  plus: { windowMinutes: STANDARD, capacity: 1 },
  pro: { windowMinutes: STANDARD, capacity: 6.7 },
  prolite: { windowMinutes: STANDARD, capacity: 5 },
  team: { windowMinutes: STANDARD, capacity: 1 },
  business: { windowMinutes: STANDARD, capacity: 1 },
  enterprise: { windowMinutes: STANDARD, capacity: 6.7 },
  edu: { windowMinutes: STANDARD, capacity: 1 },
};
