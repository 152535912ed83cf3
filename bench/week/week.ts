// One week of one rule: requests come as the traffic has them, the rule says who is asked, the upstream answers by its
// truth. Counts what came of it.

import { drawFor } from "./random.ts";
import { EventQueue } from "./event-queue.ts";
import type { Quota } from "./quota.ts";
import type { Member, Round, Rule } from "./rule.ts";
import { MINUTE, SECOND, weekEndsAt, weekStartsAt } from "./time.ts";
import { creditsOf, type Turn } from "./traffic.ts";
import type { Trouble } from "./trouble.ts";
import { REFUSED_AFTER, Upstream } from "./upstream.ts";

export interface Tally {
  readonly requests: number;
  readonly failures: number;
  readonly refusals: number;
  readonly waitedMs: number;
  /** Tokens that a cache could have had, and had, of the requests that were served. */
  readonly cacheable: number;
  readonly cached: number;
  /** Credits spent, and those that the same answers would have cost at best. */
  readonly spent: number;
  readonly useful: number;
  /** Useful credits spent in the weeks that were running at the start, before they reset. */
  readonly usefulBeforeReset: number;
}

export interface Setting {
  readonly members: readonly Member[];
  readonly traffic: readonly Turn[];
  readonly trouble: Trouble;
  /** A fresh set for every run. */
  quotas(): readonly Quota[];
}

type Event = (now: number) => void;

/** No rule is asked more often for one request. */
const MOST_ATTEMPTS = 60;
/** A poll tells what was true so long ago. */
const POLL_LATE = 3 * MINUTE;
const LONGEST_WAIT = 30 * SECOND;

export function runWeek(rule: Rule, setting: Setting): Tally {
  const week = new Week(rule, setting);
  week.run();
  return week.tally;
}

class Week {
  readonly #rule: Rule;
  readonly #setting: Setting;
  readonly #upstream: Upstream;
  readonly #events = new EventQueue<Event>();
  readonly #sums = { failures: 0, refusals: 0, waitedMs: 0, cacheable: 0, cached: 0, spent: 0, useful: 0 };

  constructor(rule: Rule, setting: Setting) {
    this.#rule = rule;
    this.#setting = setting;
    this.#upstream = new Upstream(setting.members, setting.quotas(), setting.trouble);
    for (const { account, at } of setting.trouble.signIns) this.#events.put(at, (now) => rule.signedIn(account, now));
    const every = rule.pollEveryMs;
    if (every === null) return;
    for (const [account] of setting.members.entries()) {
      this.#pollAt(weekStartsAt - POLL_LATE + (every * account) / setting.members.length, account, every);
    }
  }

  get tally(): Tally {
    const { usefulBeforeReset } = this.#upstream;
    return { requests: this.#setting.traffic.length, ...this.#sums, usefulBeforeReset };
  }

  run(): void {
    for (const [index, turn] of this.#setting.traffic.entries()) {
      this.#runUntil(turn.at);
      const request = { conversation: turn.conversation, draw: drawFor(index, 0) };
      this.#advance({ index, turn, round: this.#rule.begin(request, turn.at), attempts: 0 }, turn.at);
    }
    this.#runUntil(weekEndsAt);
  }

  #runUntil(until: number): void {
    for (let at = this.#events.nextAt; at <= until; at = this.#events.nextAt) this.#events.take()?.(at);
  }

  #advance(going: Going, now: number): void {
    const step = going.round.next(now);
    if (step.kind === "wait") {
      const ms = Math.max(1, Math.min(step.ms, LONGEST_WAIT));
      this.#sums.waitedMs += ms;
      going.attempts += 0.1;
      this.#events.put(now + ms, (later) => this.#advance(going, later));
    } else if (step.kind === "ask" && going.attempts < MOST_ATTEMPTS) this.#ask(going, step.account, now);
    else this.#sums.failures += 1;
  }

  #ask(going: Going, account: number, now: number): void {
    const { turn, index, round } = going;
    going.attempts += 1;
    const draw = drawFor(index, Math.ceil(going.attempts));
    const answer = this.#upstream.ask(account, turn, { now, draw });
    if (answer.kind === "refused") {
      this.#sums.refusals += 1;
      round.refused(account, answer.seen, now);
      this.#events.put(now + REFUSED_AFTER, (later) => this.#advance(going, later));
      return;
    }
    const { cached } = answer;
    round.served(account, answer.windows, now);
    this.#events.put(now + turn.tookMs, (later) => {
      this.#sums.spent += this.#upstream.end(account, turn, { cached, now: later });
      this.#sums.useful += creditsOf(turn, turn.cachedAtBest);
      this.#sums.cacheable += turn.cachedAtBest;
      this.#sums.cached += Math.min(cached, turn.cachedAtBest);
      round.ended(account, later);
    });
  }

  #pollAt(at: number, account: number, every: number): void {
    this.#events.put(at, (asked) => {
      const windows = this.#upstream.told(account, asked);
      this.#events.put(asked + POLL_LATE, (now) => this.#rule.polled(account, windows, now));
      if (asked + every < weekEndsAt) this.#pollAt(asked + every, account, every);
    });
  }
}

interface Going {
  readonly index: number;
  readonly turn: Turn;
  readonly round: Round;
  attempts: number;
}
