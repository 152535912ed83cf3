import { describe, expect, test } from "vitest";

import type { Window } from "../../src/pool/account.ts";
import type { Observation } from "../../src/pool/observation.ts";
import { Quota } from "./quota.ts";
import type { Round, Rule, Step } from "./rule.ts";
import { ruleEntries } from "./rules/index.ts";
import { DAY, HOUR, MINUTE, SECOND, weekStartsAt as start } from "./time.ts";
import { makeTraffic, type Turn } from "./traffic.ts";
import { type Spell, Trouble } from "./trouble.ts";
import { runWeek, type Setting } from "./week.ts";

/** Asks these accounts, one after the other, and writes down what it is told. */
class Scripted implements Rule {
  readonly pollEveryMs: number | null;
  readonly #order: readonly number[];
  readonly heard: { at: number; from: string; account: number; windows?: readonly Window[]; seen?: Observation }[] = [];

  constructor(order: readonly number[], pollEveryMs: number | null = null) {
    this.#order = order;
    this.pollEveryMs = pollEveryMs;
  }

  begin(): Round {
    let place = 0;
    return {
      next: (): Step => {
        const account = this.#order[place];
        place += 1;
        return account === undefined ? { kind: "give_up" } : { kind: "ask", account };
      },
      refused: (account, seen, at) => void this.heard.push({ at, from: "refusal", account, seen }),
      served: (account, windows, at) => void this.heard.push({ at, from: "headers", account, windows }),
      ended: (account, at) => void this.heard.push({ at, from: "end", account }),
    };
  }

  polled(account: number, windows: readonly Window[], at: number): void {
    this.heard.push({ at, from: "poll", account, windows });
  }

  signedIn(account: number, at: number): void {
    this.heard.push({ at, from: "sign_in", account });
  }
}

function turn(at: number, more: Partial<Turn> = {}): Turn {
  const plain = { conversation: 1, repeated: 0, input: 20_000, output: 0, tookMs: SECOND, cachedAtBest: 0 };
  return { at, ...plain, ...more };
}

function setting(traffic: readonly Turn[], spells: readonly Spell[] = [], used = 0): Setting {
  const members = [{ plan: "plus" }, { plan: "plus" }] as const;
  const quotas = () =>
    members.map((_, index) => new Quota("plus", { weekShare: 1, used: index === 0 ? used : 0, resetsAt: start + DAY }));
  return { members, traffic, quotas, trouble: new Trouble([spells, []], []) };
}

describe("a week", () => {
  const repeated = { repeated: 10_000, cachedAtBest: 10_000 };

  test("charges a turn on the account of the last one for what is new, and elsewhere for all", () => {
    const traffic = [turn(start), turn(start + MINUTE, repeated)];
    const kept = runWeek(new Scripted([0]), setting(traffic));
    expect(kept).toMatchObject({ cached: 10_000, cacheable: 10_000, failures: 0 });
    expect(kept.spent).toBeCloseTo(kept.useful);
    const rules = [new Scripted([0]), new Scripted([1])];
    let which = 0;
    const moving = new Scripted([]);
    moving.begin = () => (rules[which++] as Scripted).begin();
    const moved = runWeek(moving, setting(traffic));
    expect(moved).toMatchObject({ cached: 0, cacheable: 10_000 });
    expect(moved.spent).toBeGreaterThan(kept.spent);
  });

  test("refuses on a full account with the time of its reset, and counts the refusal", () => {
    const rule = new Scripted([0, 1]);
    const tally = runWeek(rule, setting([turn(start + HOUR)], [], 1));
    expect(tally).toMatchObject({ refusals: 1, failures: 0 });
    expect(rule.heard[0]?.seen).toMatchObject({ status: 429, type: "usage_limit_reached", resetsAt: start + DAY });
  });

  test("counts a request that nobody served as failed", () => {
    const spell = { kind: "failing", from: start, until: start + DAY, share: 1 } as const;
    expect(runWeek(new Scripted([0, 0]), setting([turn(start)], [spell]))).toMatchObject({
      refusals: 2,
      failures: 1,
      spent: 0,
    });
  });

  test("tells a rule by headers what was true before the request, by polls what was true minutes ago, and no more", () => {
    const rule = new Scripted([0], HOUR);
    const costly = turn(start + 10 * MINUTE, { input: 900_000 });
    runWeek(rule, setting([costly, turn(start + 20 * MINUTE)]));
    const headers = rule.heard.filter(({ from }) => from === "headers").map(({ windows }) => windows?.[0]?.usedPercent);
    expect(headers).toEqual([0, 20]);
    const polls = rule.heard.filter(({ from, account }) => from === "poll" && account === 0);
    expect(polls.slice(0, 2).map(({ at, windows }) => [at - start, windows?.[0]?.usedPercent])).toEqual([
      [0, 0],
      [HOUR, 20],
    ]);
    const told = new Set(rule.heard.flatMap((each) => Object.keys(each)));
    expect([...told].sort()).toEqual(["account", "at", "from", "windows"]);
    const ofWindows = new Set(rule.heard.flatMap(({ windows = [] }) => windows.flatMap((each) => Object.keys(each))));
    expect([...ofWindows].sort()).toEqual(["minutes", "resetsAt", "usedPercent"]);
  });

  test("tells when the owner has signed in again", () => {
    const rule = new Scripted([1]);
    const spell = { kind: "sign_in", from: start, until: start + HOUR, share: 1 } as const;
    runWeek(rule, setting([], [spell]));
    expect(rule.heard).toEqual([{ at: start + HOUR, from: "sign_in", account: 0 }]);
  });
});

describe("every rule", () => {
  const quiet = setting(makeTraffic(1, 15));

  test.each(ruleEntries)("$name comes out the same for the same seed, and serves most of a quiet week", (rule) => {
    const [first, second] = [1, 2].map(() => runWeek(rule.make(quiet.members), quiet));
    expect(first).toEqual(second);
    expect(first?.failures).toBeLessThan(quiet.traffic.length / 2);
  });
});
