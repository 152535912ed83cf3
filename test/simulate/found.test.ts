// Courses of events that once broke a rule, written out and kept.

import { expect, test } from "vitest";
import { simulate } from "./simulation.ts";
import type { AccountWish, Deed, Step, TroubleWish, TurnWish } from "./step.ts";
import { PLAIN_MODEL } from "./upstream-account.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function add(name: string, more: Partial<AccountWish> = {}): Step {
  const empty = { plan: "plus", used: [0, 0], resetsInMs: [5 * HOUR, 100 * HOUR], tokenLifeMs: 240 * HOUR } as const;
  return at(0, { kind: "add", account: { name, ...empty, ...more } });
}

function turn(ms: number, more: Partial<TurnWish> = {}): Step {
  const plain: TurnWish = {
    conversation: 1,
    parent: null,
    isNative: true,
    wantsStream: true,
    model: PLAIN_MODEL,
    baggage: "nothing",
    isTooLong: false,
    uploadMs: 1,
    leavesAfterMs: null,
    readsSlowly: false,
    cost: 1,
    pieces: 2,
  };
  return at(ms, { kind: "turn", turn: { ...plain, ...more } });
}

function trouble(ms: number, what: TroubleWish["what"], more: Partial<TroubleWish> = {}): Step {
  return at(ms, { kind: "trouble", trouble: { what, name: null, lastsMs: HOUR, times: 1e9, ...more } });
}

const set = (key: Extract<Deed, { kind: "setting" }>["key"], value: unknown): Step =>
  at(0, { kind: "setting", key, value });

function at(ms: number, deed: Deed): Step {
  return { at: ms, dice: 0, deed };
}

const withoutJobs = (["TokenRenewal", "UsagePolling", "Keepalive"] as const).map((job) =>
  set(`jobs.is${job}Enabled`, false),
);

const found: Readonly<Record<string, readonly Step[]>> = {
  "a request that waited for a token is not sent when its client has left": [
    add("a1", { tokenLifeMs: 7 * MINUTE }),
    ...withoutJobs,
    turn(8 * MINUTE, { leavesAfterMs: 20 }),
  ],
  "a second try takes the token that was renewed since the first": [
    add("a1", { tokenLifeMs: 7 * MINUTE }),
    trouble(65_000, "server_error", { lastsMs: 5 * MINUTE }),
    ...[71_800, 71_900, 72_000, 72_100, 72_200, 72_300].map((ms, place) => turn(ms, { conversation: place })),
  ],
  "an account that was used up between two tries is not asked again": [
    add("a1", { used: [99, 0] }),
    add("a2"),
    trouble(1_000, "server_error", { name: "a1", times: 2 }),
    turn(2_000, { conversation: 1 }),
    turn(2_100, { conversation: 2 }),
    trouble(2_105, "spent", { name: "a1" }),
    turn(2_150, { conversation: 3 }),
  ],
  "a request's own fault is told, whatever another account has refused before": [
    add("a1"),
    add("a2"),
    trouble(1_000, "overload", { name: "a1" }),
    turn(2_000, { isTooLong: true }),
  ],
  "a refused token is renewed where every account is tried only once": [
    add("a1"),
    set("routing.attemptsPerAccount", 1),
    ...withoutJobs,
    trouble(1_000, "revoked", { name: "a1" }),
    turn(2_000),
  ],
  "a refused token is renewed where nothing is tried again": [
    add("a1"),
    set("routing.retryBudgetMs", 0),
    ...withoutJobs,
    trouble(1_000, "revoked", { name: "a1" }),
    turn(2_000),
  ],
  "a compaction that another account has refused is not tried again": [
    add("a1"),
    add("a2"),
    turn(1_000),
    turn(5_000, { baggage: "compaction" }),
    trouble(9_000, "spent", { name: "a1" }),
    turn(10_000, { baggage: "compaction" }),
  ],
  "a request that cannot leave its account is told so at once, also beside a manual account": [
    add("a1"),
    add("a2"),
    turn(1_000),
    at(5_000, { kind: "setting", key: "routing.manualAccountId", value: "a2" }),
    trouble(9_000, "burst", { name: "a1" }),
    turn(10_000, { baggage: "previous" }),
  ],
  "a request that was waiting when its connection was closed is not written down as refused": [
    add("a1"),
    trouble(1_000, "burst"),
    turn(2_000),
    at(2_500, { kind: "restart", isCrash: false, downMs: 100 }),
  ],
  "new tokens are not given up for a refusal of the old ones": [
    add("a1", { tokenLifeMs: 7 * MINUTE }),
    ...withoutJobs,
    turn(8 * MINUTE),
    at(8 * MINUTE + 20, { kind: "sign_in", name: "a1" }),
  ],
};

test.each(Object.keys(found))("%s", async (title) => {
  const steps = (found[title] ?? []).toSorted((a, b) => a.at - b.at);
  const lines: string[] = [];
  const { violation } = await simulate(1, steps, (line) => lines.push(line));
  expect(violation, lines.join("\n")).toBeNull();
});
