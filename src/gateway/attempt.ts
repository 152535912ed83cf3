// Stage 5: asks one account after the other until one answers. Nothing is written to the client here; what comes back is
// either an answer that has begun well or the failure to tell the client.

import type { Failure } from "../contract/failure.ts";
import type { Clock } from "../kit/clock.ts";
import { pause } from "../kit/clock.ts";
import { type Candidate, Candidates } from "../pool/candidates.ts";
import { nobodyCanServe } from "../pool/nobody.ts";
import type { LeftBehind } from "./bindings.ts";
import { boundByCompaction } from "./bound.ts";
import type { Exchange } from "./exchange.ts";
import { clientLeft, isFailure } from "./failures.ts";
import type { Planned } from "./plan.ts";
import type { Roster } from "./roster.ts";
import { type SendParts, Sender } from "./send.ts";

export interface Committed extends Planned {
  readonly accountId: string;
  readonly exchange: Exchange;
  /** What the client will go on sending of accounts the conversation has left. */
  readonly stillSent: LeftBehind | null;
  /** Epoch ms at which the try that succeeded began. */
  readonly attemptedAt: number;
  /** Epoch ms at which its answer was taken. */
  readonly committedAt: number;
}

export interface AttemptParts extends SendParts {
  readonly roster: Roster;
  readonly clock: Clock;
  readonly limits: AttemptLimits;
}

export interface AttemptLimits {
  /** Most tries with one account. */
  readonly perAccount: number;
  /** Refused tries may take so long together, ms. */
  readonly budgetMs: number;
  /** So long a request waits for an account that is only cooling down, ms. */
  readonly patienceMs: number;
}

/** At most so many tries of one request may wait for a first byte in vain. */
const MOST_TIMEOUTS = 2;
const FIRST_PAUSE_MS = 200;

export async function attempt(planned: Planned, parts: AttemptParts): Promise<Committed | Failure> {
  const round = new Round(planned, parts);
  for (;;) {
    const result = await round.run();
    if (!isFailure(result) || !(await round.mayWaitFor(result))) return result;
  }
}

class Round {
  readonly #planned: Planned;
  readonly #parts: AttemptParts;
  readonly #sender: Sender;
  #candidates: Candidates;
  #refusedMs = 0;
  #timeouts = 0;
  #waitedMs = 0;

  constructor(planned: Planned, parts: AttemptParts) {
    this.#planned = planned;
    this.#parts = parts;
    this.#sender = new Sender(planned, parts);
    this.#candidates = planned.candidates;
  }

  /** Walks the candidates once. */
  async run(): Promise<Committed | Failure> {
    const { clock, roster } = this.#parts;
    const { call, ask } = this.#planned;
    let last: Failure | null = null;
    for (;;) {
      const candidate = this.#candidates.next(clock.now());
      call.record.skipped = this.#candidates.skips;
      if (candidate === null) return this.#verdict(last) ?? nobodyCanServe(roster, ask.model, clock.now());
      const result = await this.#tryAccount(candidate);
      if (!isFailure(result)) return result;
      if (call.isGone) return clientLeft;
      if (result.retry === "never") return this.#verdict(last) ?? result;
      const compaction = boundByCompaction(result, this.#planned, { roster, now: clock.now() });
      if (compaction !== null) return compaction;
      last = result;
      if (this.#isSpent) return this.#verdict(last) ?? nobodyCanServe(roster, ask.model, clock.now());
    }
  }

  /** Waits for an account that is only cooling down, if that is soon enough, and starts over. */
  async mayWaitFor(failure: Failure): Promise<boolean> {
    const { clock, roster, limits } = this.#parts;
    if (failure.code !== "rate_limit_exceeded" || failure.class !== "gateway" || failure.until === undefined)
      return false;
    const waitMs = Math.max(0, failure.until - clock.now());
    if (this.#waitedMs + waitMs > limits.patienceMs || this.#isSpent) return false;
    this.#waitedMs += waitMs + 1;
    await pause(clock, waitMs + 1);
    if (this.#planned.call.isGone) return false;
    this.#candidates = new Candidates(roster, this.#planned.ask);
    return true;
  }

  async #tryAccount(candidate: Candidate): Promise<Committed | Failure> {
    const { clock, limits } = this.#parts;
    const { call } = this.#planned;
    this.#sender.choose(candidate);
    for (let tried = 1; ; tried += 1) {
      const attemptedAt = clock.now();
      const result = await this.#sender.send();
      if (!isFailure(result)) {
        call.record.routeReason = candidate.reason;
        const { stillSent } = this.#sender;
        return {
          ...this.#planned,
          accountId: candidate.account.id,
          exchange: result,
          stillSent,
          attemptedAt,
          committedAt: clock.now(),
        };
      }
      if (result.code === "upstream_timeout") this.#timeouts += 1;
      else this.#refusedMs += clock.now() - attemptedAt;
      const isRepeatable = result.retry === "same" || result.retry === "refresh" || result.retry === "strip";
      if (call.isGone || !isRepeatable || tried >= limits.perAccount || this.#isSpent) return result;
      if (!(await this.#sender.prepareRepeat(result))) return result;
      if (result.retry === "same") await this.#pauseBefore(tried);
    }
  }

  async #pauseBefore(tried: number): Promise<void> {
    const ms = FIRST_PAUSE_MS * 2 ** (tried - 1);
    this.#refusedMs += ms;
    await pause(this.#parts.clock, ms);
  }

  get #isSpent(): boolean {
    return this.#refusedMs >= this.#parts.limits.budgetMs || this.#timeouts >= MOST_TIMEOUTS;
  }

  /** When it was not the accounts that stood in the way, the client is told what did. */
  #verdict(last: Failure | null): Failure | null {
    return last === null || last.scope === "account" || last.scope === "account_model" ? null : last;
  }
}
