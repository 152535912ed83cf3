// The worlds in which the rules are compared: one pool of mixed plans, four loads.

import { fiveHourCredits, type Plan, type Quota } from "./quota.ts";
import { seeded } from "./random.ts";
import type { Member } from "./rule.ts";
import { makeTraffic } from "./traffic.ts";
import { makeTrouble } from "./trouble.ts";
import { makeQuotas } from "./upstream.ts";
import type { Setting } from "./week.ts";

export interface World {
  readonly name: string;
  readonly says: string;
  /** What is asked at the rush hours, as a part of what the five-hour windows can give. */
  readonly load: number;
  /** How much of its plan's week each account has. */
  readonly weekShare: number;
}

/** Six full five-hour windows empty such a week, as owners report; by the plans' weights it would be 33. */
const SHORT_WEEK = 0.18;

export const worlds: readonly World[] = [
  { name: "light", says: "half of what the five-hour windows give at the rush hours", load: 0.5, weekShare: 1 },
  { name: "tight", says: "nearly all of it", load: 0.95, weekShare: 1 },
  { name: "over", says: "half as much again as there is", load: 1.5, weekShare: 1 },
  { name: "short weeks", says: "the week runs out before the five hours do", load: 0.7, weekShare: SHORT_WEEK },
];

const POOL: Readonly<Record<Plan, number>> = { plus: 16, team: 6, pro: 3, free: 11 };

export function settingOf({ load, weekShare }: World, seed: number): Setting {
  const members = makeMembers(seed);
  const fiveHours = members.reduce((sum, { plan }) => sum + fiveHourCredits(plan), 0);
  const quotas = (): readonly Quota[] => makeQuotas(members, weekShare, seeded(seed * 1000 + 2));
  const traffic = makeTraffic(seed * 1000 + 3, (load * fiveHours) / 5);
  return { members, traffic, quotas, trouble: makeTrouble(seed * 1000 + 5, members.length) };
}

/** In no order, as accounts are added in life. */
function makeMembers(seed: number): readonly Member[] {
  const random = seeded(seed * 1000 + 1);
  return Object.entries(POOL)
    .flatMap(([plan, count]) => Array.from({ length: count }, () => ({ plan: plan as Plan, at: random() })))
    .sort((left, right) => left.at - right.at)
    .map(({ plan }) => ({ plan }));
}
