// The state of one simulated run: both sides, what was written down so far, and what the pool looked like since when. The
// invariants judge by it.

import { VirtualClock } from "../../src/kit/virtual-clock.ts";
import type { AccountFacts, PoolAccount } from "../../src/pool/account.ts";
import { mayProbe, type Skip, whyNot } from "../../src/pool/eligibility.ts";
import type { Roster } from "../../src/gateway/roster.ts";
import { type ChangeableSettings, changeableSettings } from "../../src/jobs/testing.ts";
import { Conversations } from "./conversation.ts";
import { HostWatch } from "./host-watch.ts";
import type { Life } from "./life.ts";
import { MemoryStore } from "./memory-store.ts";
import { type Random, randomFrom } from "./random.ts";
import type { Attempt, Limits, Turn } from "./record.ts";
import { PLAIN_MODEL, PRO_MODEL } from "./upstream-account.ts";
import { World } from "./world.ts";

export interface Violation {
  /** The invariant's name, which reads as a sentence. */
  readonly rule: string;
  readonly what: string;
}

const MODELS = [PLAIN_MODEL, PRO_MODEL];

export class Scene {
  readonly clock = new VirtualClock();
  readonly beganAt = this.clock.now();
  readonly world = new World();
  readonly store = new MemoryStore({ factsSaved: (id, facts) => this.factsSaved(id, facts) });
  readonly settings: ChangeableSettings;
  readonly conversations = new Conversations();
  readonly random: Random;
  readonly turns: Turn[] = [];
  readonly attempts: Attempt[] = [];
  readonly openTurns = new Set<Turn>();
  readonly openAttempts = new Set<Attempt>();
  /** Requests the gateway has in hand: it has their body, and has not written down their end. */
  readonly inHand = new Set<Turn>();
  /** How far the machine's clock is ahead of true time, and when it was last set, in true time. */
  skewMs = 0;
  jumpedAt = Number.NEGATIVE_INFINITY;
  life: Life | null = null;
  lives = 0;
  violation: Violation | null = null;
  /** When each account was last seen unable to serve a model by the pool's own word; and when it came. In true time. */
  readonly #unableAt = new Map<string, number>();
  readonly #fullAt = new Map<string, number>();
  readonly joinedAt = new Map<string, number>();
  /** What accounts were told by the upstream about their quota: until when (machine's time), heard when (true time). */
  readonly told = new Map<string, { readonly until: number; readonly heardAt: number; readonly gatewayAt: number }>();
  /** When an account last served, told by the beginning of the try that it served, in the machine's time. */
  readonly servedSince = new Map<string, number>();
  readonly signedInAt = new Map<string, number>();
  onFacts: (id: string, before: AccountFacts | undefined, after: AccountFacts) => void = () => {};
  readonly host = new HostWatch();
  readonly seed: number;
  readonly #say: ((line: string) => void) | null;

  constructor(seed: number, say: ((line: string) => void) | null) {
    this.seed = seed;
    this.random = randomFrom(seed ^ 0x5eed);
    this.#say = say;
    this.settings = changeableSettings({ "gateway.upstreamUrl": "https://upstream.test/backend-api/codex" });
  }

  /** True time. */
  get now(): number {
    return this.clock.now();
  }

  /** The time on the machine's clock, which is all the gateway knows. */
  get gatewayNow(): number {
    return this.clock.now() + this.skewMs;
  }

  get machineClock() {
    return { now: () => this.gatewayNow, timer: (ms: number, fire: () => void) => this.clock.timer(ms, fire) };
  }

  get limits(): Limits {
    const { attemptsPerAccount, retryBudgetMs, coolDownPatienceMs, boundWaitMs } = this.settings.current.routing;
    return {
      perAccount: attemptsPerAccount,
      budgetMs: retryBudgetMs,
      patienceMs: coolDownPatienceMs,
      boundWaitMs,
    };
  }

  say(line: () => string): void {
    this.#say?.(line());
  }

  fail(rule: string, what: string): void {
    this.violation ??= { rule, what };
  }

  /** Asks each rule; the first that has something to say ends the run. */
  check<A extends unknown[]>(rules: readonly ((scene: Scene, ...about: A) => string | null)[], ...about: A): void {
    for (const rule of rules) {
      const what = rule(this, ...about);
      if (what !== null) this.fail(rule.name, what);
    }
  }

  // --- what the pool looks like ---

  get pool(): readonly PoolAccount[] {
    return this.life?.gateway.pool.inOrder ?? [];
  }

  find(name: string): PoolAccount | undefined {
    return this.life?.gateway.pool.find(name);
  }

  /** Why the pool itself would not ask the account now. */
  whyNot(account: PoolAccount, model: string): Skip | null {
    return whyNot(account, model, this.gatewayNow);
  }

  /** Whether one request may find out if the account, blocked as it is, serves again. */
  mayProbe(account: PoolAccount, model: string): boolean {
    return mayProbe(account, model, this.gatewayNow);
  }

  /** Tries with the account that somebody still waits for. */
  openOn(name: string): number {
    let count = 0;
    for (const { account, turn } of this.openAttempts) {
      if (account === name && turn?.rows === 0 && !turn.isEnded) count += 1;
    }
    return count;
  }

  limitOf({ maxInflight }: PoolAccount): number {
    return maxInflight ?? this.settings.current.routing.maxInflightPerAccount;
  }

  /** By the gateway's own count, which begins before a request is on its way. */
  isFull(account: PoolAccount): boolean {
    const most = this.limitOf(account);
    return most > 0 && (this.#roster?.pool.entry(account.id)?.inflight ?? 0) >= most;
  }

  get #roster(): Roster | null {
    return this.life === null ? null : (this.life.gateway.pool as Roster);
  }

  /** Whether the account was there and able to serve all the time since then, by the pool's own word. */
  wasAbleSince(name: string, model: string, since: number): boolean {
    const joined = this.joinedAt.get(name);
    return joined !== undefined && joined < since && (this.#unableAt.get(`${name} ${model}`) ?? 0) < since;
  }

  wasNeverFullSince(name: string, since: number): boolean {
    return (this.#fullAt.get(name) ?? 0) < since;
  }

  hasJumpedSince(at: number): boolean {
    return this.jumpedAt >= at;
  }

  /** After everything that happened at one moment has happened. */
  look(): void {
    const gone = new Set(this.joinedAt.keys());
    for (const account of this.pool) {
      gone.delete(account.id);
      if (!this.joinedAt.has(account.id)) this.joinedAt.set(account.id, this.now);
      if (this.isFull(account)) this.#fullAt.set(account.id, this.now);
      for (const model of MODELS) {
        if (this.whyNot(account, model) !== null) this.#unableAt.set(`${account.id} ${model}`, this.now);
      }
    }
    for (const name of gone) this.joinedAt.delete(name);
  }

  /** The program is about to keep these facts. */
  factsSaved(id: string, after: AccountFacts): void {
    this.onFacts(id, this.store.factsOf(id), after);
  }
}
