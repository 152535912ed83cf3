// Draws what happens in a run from its seed. Each run has a few kinds of trouble and not all of them, so that every
// combination comes up and none drowns the others.

import type { SettingKey } from "../../src/contract/settings/table.ts";
import { strategies } from "../../src/pool/strategy/index.ts";
import { type Random, randomFrom } from "./random.ts";
import type { AccountWish, Baggage, Deed, PlanName, Step, TroubleName, TurnWish } from "./step.ts";
import { PLAIN_MODEL, PRO_MODEL } from "./upstream-account.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const troubles: readonly TroubleName[] = [
  ...(["unreachable", "silence", "server_error", "challenge", "issuer_down"] as const),
  ...(["overload", "burst", "slow", "truncated", "late_refusal", "denied"] as const),
  ...(["spent", "revoked", "login_dead", "closed"] as const),
  ...(["rosy_poll", "full_poll", "stale_poll", "failed_poll"] as const),
];
const ofTheHost: ReadonlySet<TroubleName> = new Set(["unreachable", "silence", "server_error", "challenge"]);

const strategyNames = Object.keys(strategies);

/** What one run is like as a whole. */
interface Mood {
  readonly spanMs: number;
  readonly names: readonly string[];
  readonly troubles: readonly TroubleName[];
  readonly baggage: readonly Baggage[];
  readonly conversations: number;
}

export function drawSteps(seed: number): readonly Step[] {
  const random = randomFrom(seed);
  const mood = drawMood(random);
  const deeds: [number, Deed][] = [
    ...mood.names.map((name): [number, Deed] => [0, { kind: "add", account: drawAccount(name, mood, random) }]),
    ...openingSettings(random).map((deed): [number, Deed] => [0, deed]),
    ...drawTurns(mood, random),
    ...drawTroubles(mood, random),
    ...drawActs(mood, random),
  ];
  deeds.sort(([a], [b]) => a - b);
  return deeds.map(([at, deed]) => ({ at, deed, dice: random.between(0, 2 ** 31) }));
}

function drawMood(random: Random): Mood {
  const count = random.pick([1, 2, 2, 3, 3, 4, 6]);
  const baggage: Baggage[] = ["nothing", "reasoning"];
  if (random.chance(0.3)) baggage.push("compaction");
  if (random.chance(0.2)) baggage.push("previous");
  return {
    spanMs: random.pick([2 * MINUTE, 2 * MINUTE, 5 * MINUTE, 5 * MINUTE, 20 * MINUTE, 90 * MINUTE]),
    names: Array.from({ length: count }, (_, place) => `a${place + 1}`),
    troubles: Array.from({ length: random.between(0, 5) }, () => random.pick(troubles)),
    baggage,
    conversations: random.between(1, 8),
  };
}

function drawAccount(name: string, { spanMs }: Mood, random: Random): AccountWish {
  const plan = random.pick<PlanName>(["plus", "plus", "plus", "pro", "team", "free"]);
  const used = [random.pick([0, 30, 90, 97, 100]), random.pick([0, 0, 50, 96, 100])];
  const resetsInMs = [random.between(1000, spanMs * 2), random.pick([spanMs / 2, spanMs * 3, 40 * HOUR])];
  return { name, plan, used, resetsInMs, tokenLifeMs: random.pick([7 * MINUTE, HOUR, 240 * HOUR]) };
}

/** Settings of the whole run, as a user might have them. */
function openingSettings(random: Random): Deed[] {
  const maybe = (share: number, key: SettingKey, values: readonly unknown[]): Deed[] =>
    random.chance(share) ? [{ kind: "setting", key, value: random.pick(values) }] : [];
  return [
    ...maybe(0.6, "routing.strategy", strategyNames),
    ...maybe(0.3, "routing.maxInflightPerAccount", [1, 2, 4]),
    ...maybe(0.2, "routing.attemptsPerAccount", [1, 2, 5]),
    ...maybe(0.2, "routing.retryBudgetMs", [0, 1000, 60_000]),
    ...maybe(0.3, "routing.coolDownPatienceMs", [0, 3000, 30_000]),
    ...maybe(0.2, "routing.boundWaitMs", [0, 3000]),
    ...maybe(0.2, "routing.queueWaitMs", [0, 3000, 60_000]),
    ...maybe(0.2, "routing.softThresholdPercent", [0, 50]),
    ...maybe(0.2, "routing.isManualStrict", [true]),
    ...maybe(0.2, "routing.healthWindow", [6]),
    ...maybe(0.05, "gateway.holdsFirstEvents", [false]),
    ...maybe(0.3, "gateway.firstByteTimeoutMs", [5_000, 30_000]),
    ...maybe(0.2, "gateway.idleTimeoutMs", [20_000]),
    ...maybe(0.1, "gateway.totalTimeoutMs", [30_000]),
    ...maybe(0.5, "jobs.usagePollIntervalSeconds", [30, 60, 1800]),
    ...maybe(0.2, "jobs.isTokenRenewalEnabled", [false]),
    ...maybe(0.2, "jobs.isUsagePollingEnabled", [false]),
  ];
}

/** Turns come in bursts, as people and their agents work. */
function drawTurns(mood: Mood, random: Random): [number, Deed][] {
  const bursts = random.between(1, 6);
  return Array.from({ length: bursts }, () => random.between(0, mood.spanMs)).flatMap((beginsAt) => {
    const turns = random.pick([1, 2, 4, 8, 14]);
    const within = random.pick([200, 5_000, MINUTE]);
    return Array.from({ length: turns }, (): [number, Deed] => [
      beginsAt + random.between(0, within),
      { kind: "turn", turn: drawTurn(mood, random) },
    ]);
  });
}

function drawTurn({ conversations, baggage }: Mood, random: Random): TurnWish {
  const conversation = random.between(1, conversations);
  return {
    conversation,
    parent: random.chance(0.15) ? random.between(1, conversations) : null,
    isNative: random.chance(0.7),
    wantsStream: random.chance(0.8),
    model: random.chance(0.1) ? PRO_MODEL : PLAIN_MODEL,
    baggage: random.pick(baggage),
    isTooLong: random.chance(0.03),
    uploadMs: random.chance(0.1) ? random.between(100, 8000) : 1,
    leavesAfterMs: random.chance(0.1) ? random.pick([5, 300, 2_000, 20_000]) : null,
    readsSlowly: random.chance(0.1),
    cost: random.pick([0, 1, 1, 3, 12]),
    pieces: random.between(1, 5),
  };
}

function drawTroubles({ troubles: kinds, spanMs, names }: Mood, random: Random): [number, Deed][] {
  return kinds.flatMap((what) =>
    Array.from({ length: random.between(1, 3) }, (): [number, Deed] => {
      const isOfAll = ofTheHost.has(what) || (what !== "closed" && random.chance(0.3));
      const lastsMs = random.pick([500, 5_000, 40_000, 5 * MINUTE]);
      const times = random.pick([1, 2, 5, 1e9, 1e9]);
      const trouble = { what, name: isOfAll ? null : random.pick(names), lastsMs, times };
      return [random.between(0, spanMs), { kind: "trouble", trouble }];
    }),
  );
}

/** What users and machines do beside. */
function drawActs({ spanMs, names }: Mood, random: Random): [number, Deed][] {
  const acts: (() => Deed)[] = [
    () => ({
      kind: random.pick(["disable", "enable", "delete", "sign_in", "reset"] as const),
      name: random.pick(names),
    }),
    () => ({ kind: random.pick(["disable", "enable"] as const), name: random.pick(names) }),
    () => ({ kind: "reorder", name: random.pick(names), sort: random.between(0, 9) }),
    () => ({ kind: "setting", key: "routing.manualAccountId", value: random.pick([null, ...names]) }),
    () => ({ kind: "setting", key: "routing.strategy", value: random.pick(strategyNames) }),
    () => ({ kind: "setting", key: "jobs.isUsagePollingEnabled", value: random.chance(0.5) }),
    () => ({ kind: "jump", ms: random.pick([-HOUR, -5_000, 1_000, 5 * MINUTE, 8 * HOUR]) }),
    () => ({ kind: "restart", isCrash: random.chance(0.6), downMs: random.pick([0, 50, 2_000, MINUTE]) }),
    () => ({ kind: "add", account: drawAccount(`b${random.between(1, 3)}`, { spanMs } as Mood, random) }),
  ];
  return Array.from({ length: random.pick([0, 0, 1, 2, 4, 8]) }, () => [
    random.between(0, spanMs),
    random.pick(acts)(),
  ]);
}
