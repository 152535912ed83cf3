// Runs one simulated world from its first step to rest. Everything happens on the virtual clock, one timer at a time, and
// all that waits for nothing but its turn happens in between.

import { carryOut, signIn } from "./deeds.ts";
import { whenLearning } from "./invariants/learning.ts";
import { always, atRest } from "./invariants/quiet.ts";
import { looksComplete } from "./invariants/answering.ts";
import { type Life, startLife } from "./life.ts";
import { pollReader } from "./poll-reader.ts";
import { Scene, type Violation } from "./scene.ts";
import type { Step, TurnWish } from "./step.ts";
import { answerFor, asked, attemptEnded, heard, recorded, sendTurn } from "./traffic.ts";
import { simulatedTransport } from "./upstream.ts";
import { PLAIN_MODEL } from "./upstream-account.ts";
import { clockTime, inWords } from "./words.ts";

export interface RunEnd {
  readonly violation: Violation | null;
  readonly turns: number;
  readonly attempts: number;
}

const MINUTE = 60_000;
/** The longest that a request may take once nothing new happens. */
const LONGEST_TURN_MS = 30 * MINUTE;
const LATEST_WRITE_MS = 100;
const GRACE_MS = 3_000;
/** Connections that are being broken off have been broken off by then. */
const SETTLING_MS = 100;

export async function simulate(seed: number, steps: readonly Step[], say?: (line: string) => void): Promise<RunEnd> {
  const simulation = new Simulation(seed, say);
  try {
    await simulation.run(steps);
  } catch (error) {
    simulation.scene.fail("noPartThrows", error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const { violation, turns, attempts } = simulation.scene;
  return { violation, turns: turns.length, attempts: attempts.length };
}

class Simulation {
  readonly scene: Scene;
  #isStopping = false;
  /** The last life that has ended. */
  #buried = 0;

  constructor(seed: number, say: ((line: string) => void) | undefined) {
    const tell = say && ((line: string) => say(`${clockTime(this.scene.now - this.scene.beganAt)}    ${line}`));
    this.scene = new Scene(seed, tell ?? null);
    this.scene.onFacts = (id, before, after) => this.scene.check(whenLearning, id, before, after);
  }

  async run(steps: readonly Step[]): Promise<void> {
    const { scene } = this;
    await this.#start();
    for (const step of steps) scene.clock.timer(step.at, () => this.#perform(step));
    const lastAt = scene.beganAt + (steps.at(-1)?.at ?? 0);
    await this.#goOnUntil(
      () => scene.now > lastAt && this.#isSettled && scene.openTurns.size === 0,
      lastAt + LONGEST_TURN_MS,
    );
    scene.say(() => "--- nothing more happens, and all troubles are over ---");
    await this.#recover();
  }

  #perform(step: Step): void {
    const { scene } = this;
    const { deed } = step;
    scene.say(() => `* ${inWords(step).trim()}`);
    switch (deed.kind) {
      case "turn":
        return void sendTurn(scene, deed.turn);
      case "jump":
        scene.skewMs += deed.ms;
        scene.jumpedAt = scene.now;
        return scene.told.clear();
      case "restart":
        return void (deed.isCrash ? this.#crash(deed.downMs) : this.#stop(deed.downMs));
      default:
        return carryOut(scene, deed);
    }
  }

  // --- lives ---

  async #start(): Promise<void> {
    const { scene } = this;
    const number = (scene.lives += 1);
    const isAlive = () => number > this.#buried;
    const life: Life = await startLife({
      number,
      store: scene.store,
      world: scene.world,
      clock: scene.machineClock,
      trueClock: scene.clock,
      random: scene.random,
      settings: {
        get current() {
          return scene.settings.current;
        },
        onChange: scene.settings.onChange,
      },
      reader: pollReader(scene),
      transport: simulatedTransport({
        clock: scene.clock,
        isAlive,
        asked: (token, body) => asked(scene, token, body),
        answer: (attempt, body) => answerFor(scene, attempt, body),
        heard: (attempt) => heard(scene, attempt),
        ended: (attempt) => attemptEnded(scene, attempt),
      }),
      recorded: (row) => recorded(scene, row),
      bug: (error) =>
        scene.fail("noBugIsReported", error instanceof Error ? (error.stack ?? error.message) : String(error)),
    });
    scene.life = life;
    scene.say(() => `the program runs (life ${number})`);
  }

  /** Killed: what was not on disk is lost, and every connection breaks. */
  #crash(downMs: number): void {
    if (this.scene.life === null || this.#isStopping) return;
    this.scene.store.crash();
    // What was heard too late to reach the disk is forgotten.
    for (const [name, { heardAt }] of this.scene.told) {
      if (heardAt >= this.scene.now - 2 * LATEST_WRITE_MS) this.scene.told.delete(name);
    }
    this.#bury(downMs);
  }

  async #stop(downMs: number): Promise<void> {
    const { life, store, clock } = this.scene;
    if (life === null || this.#isStopping) return;
    this.#isStopping = true;
    life.runner.stop();
    await life.gateway.drain(GRACE_MS);
    clock.timer(1, () => {
      this.#isStopping = false;
      store.flush();
      this.#bury(downMs);
    });
  }

  get #isSettled(): boolean {
    return this.scene.life !== null && !this.#isStopping;
  }

  #bury(downMs: number): void {
    const { scene } = this;
    scene.life?.die();
    this.#buried = scene.lives;
    scene.life = null;
    scene.host.heard(true);
    for (const turn of scene.openTurns) turn.isEnded = true;
    scene.openTurns.clear();
    scene.openAttempts.clear();
    scene.inHand.clear();
    scene.clock.timer(downMs, () => void this.#start());
  }

  // --- time ---

  /** Goes on timer by timer until all is as wanted; to `latest` (true time) at most. */
  async #goOnUntil(isDone: () => boolean, latest: number): Promise<void> {
    const { scene } = this;
    while (scene.violation === null && !isDone()) {
      const { nextAt } = scene.clock;
      if (nextAt === null || nextAt > latest) return;
      scene.clock.step();
      await everybodysTurn();
      scene.look();
      scene.check(always);
    }
  }

  #goOn(ms: number): Promise<void> {
    const end = this.scene.now + ms;
    return this.#goOnUntil(() => false, end);
  }

  // --- rest ---

  /** Nothing is wrong any more: the pool must find its way back by itself, and each account serve again. */
  async #recover(): Promise<void> {
    const { scene } = this;
    const { world } = scene;
    await this.#comeToRest();
    world.heal();
    for (const name of world.accounts.keys()) {
      if (scene.find(name)?.facts.login.state !== "ok" || world.accounts.get(name)?.isLoginDead) signIn(scene, name);
    }
    await everybodysTurn();
    const ends = scene.pool.flatMap(({ facts }) => facts.blocks.map(({ until }) => until));
    scene.skewMs += Math.max(0, ...ends.map((until) => until - scene.gatewayNow)) + 60_000;
    scene.jumpedAt = scene.now;
    scene.told.clear();
    await this.#goOn(35_000);
    for (const { id, isEnabled } of scene.pool) {
      if (isEnabled && world.accounts.get(id)?.isClosed === false) await this.#serveAgain(id);
    }
    await this.#comeToRest();
  }

  /** What goes on behind clients that have left, such as the renewal of a token, comes to its end. */
  async #comeToRest(): Promise<void> {
    const { scene } = this;
    const { turns, life } = scene;
    const isAtRest = () => turns.every((turn) => turn.rows > 0 || !turn.isPlanned || turn.life !== life?.number);
    await this.#goOnUntil(isAtRest, scene.now + MINUTE);
    await this.#goOn(SETTLING_MS);
    scene.check(atRest);
  }

  async #serveAgain(name: string): Promise<void> {
    const { scene } = this;
    if (scene.violation !== null) return;
    scene.settings.set("routing.manualAccountId", name);
    // The first request may find the token refused, have it renewed and go on to another account, where tries are few.
    if ((await this.#isServedBy(name)) || (await this.#isServedBy(name))) return;
    scene.fail("everyEnabledAccountServesAgain", `${name} does not serve, although nothing is wrong with it`);
  }

  async #isServedBy(name: string): Promise<boolean> {
    const { scene } = this;
    const turn = sendTurn(scene, { ...plainTurn, conversation: 1000 + scene.turns.length });
    await this.#goOnUntil(() => scene.openTurns.size === 0, scene.now + LONGEST_TURN_MS);
    return turn !== null && looksComplete(turn) && turn.attempts.at(-1)?.account === name;
  }
}

const plainTurn: TurnWish = {
  conversation: 0,
  parent: null,
  isNative: true,
  wantsStream: true,
  model: PLAIN_MODEL,
  baggage: "nothing",
  isTooLong: false,
  uploadMs: 1,
  leavesAfterMs: null,
  readsSlowly: false,
  cost: 0,
  pieces: 1,
};

function everybodysTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
