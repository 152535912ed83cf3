// Stage 5: asks one account after the other until one answers. Nothing is written to the client here; what comes back is
// either an answer that has begun well or the failure to tell the client.

import type { Failure } from "../contract/failure.ts";
import type { Clock } from "../kit/clock.ts";
import { type Candidate, Candidates, isStrict } from "../pool/candidates.ts";
import { manualCannotServe, nextChanceAt, nobodyCanServe } from "../pool/nobody.ts";
import { waitForOwnMs } from "../pool/own-account.ts";
import type { AnswerTerms } from "../wire/translation.ts";
import type { LeftBehind } from "./bindings.ts";
import { boundByCompaction, tiedToOwner } from "./bound.ts";
import type { Exchange } from "./exchange.ts";
import { clientLeft, isFailure, takenOut } from "./failures.ts";
import type { Planned } from "./plan.ts";
import type { Lease, Roster } from "./roster.ts";
import { type SendParts, Sender } from "./send.ts";

export interface Committed extends Planned {
  readonly lease: Lease;
  readonly accountId: string;
  readonly exchange: Exchange;
  /** What the client will go on sending of accounts the conversation has left. */
  readonly stillSent: LeftBehind | null;
  /** Epoch ms at which the try that succeeded began, and at which its answer was taken. */
  readonly attemptedAt: number;
  readonly committedAt: number;
  /** Milliseconds the request waited on purpose just before that try. */
  readonly waitedMs: number;
  /** For the formats that the answer is translated into. */
  readonly answerTerms: AnswerTerms;
}

export interface AttemptParts extends SendParts {
  readonly roster: Roster;
  readonly clock: Clock;
  readonly limits: AttemptLimits;
  /** From 0 up to 1. */
  random(): number;
}

export interface AttemptLimits {
  /** Most tries with one account. */
  readonly perAccount: number;
  /** Refused tries may take so long together, ms. */
  readonly budgetMs: number;
  /** So long a request waits for an account that is only cooling down, ms. */
  readonly patienceMs: number;
  /** So long a conversation waits for its own account to come back, ms. */
  readonly boundWaitMs: number;
  /** So long a request waits for a place when every account that could serve is at its limit, ms. */
  readonly queueWaitMs: number;
}

/** At most so many tries of one request may wait for a first byte in vain. */
const MOST_TIMEOUTS = 2;
/** So many of those that could serve are written down with a request. */
const TOLD_CANDIDATES = 4;
const SPARED =
  "API keys that cost money could serve it; they are not used in place of logins unless `routing.usesPaidFallback` is on.";
const FIRST_PAUSE_MS = 200;
/** Pauses are made longer at random by at most this part, so that requests that failed together do not come back together. */
const JITTER = 0.25;

export async function attempt(planned: Planned, parts: AttemptParts): Promise<Committed | Failure> {
  const round = new Round(planned, parts);
  for (;;) {
    const result = await round.run();
    if (!isFailure(result) || !(await round.mayWaitAfter(result))) return result;
  }
}

class Round {
  readonly #planned: Planned;
  readonly #parts: AttemptParts;
  readonly #sender: Sender;
  readonly #tries = new Map<string, number>();
  readonly #exhausted = new Set<string>();
  #candidates: Candidates;
  #refusedMs = 0;
  #timeouts = 0;
  /** Waited for somebody to come back or to have a place, in all. */
  #waitedMs = 0;
  /** The part of it that was for the conversation's own account. */
  #ownWaitedMs = 0;

  constructor(planned: Planned, parts: AttemptParts) {
    this.#planned = planned;
    this.#parts = parts;
    this.#sender = new Sender(planned, parts);
    this.#candidates = planned.candidates;
  }

  /** Walks the candidates once. */
  async run(): Promise<Committed | Failure> {
    const { clock, roster } = this.#parts;
    const { call } = this.#planned;
    let last: Failure | null = null;
    let held: Failure | null = null;
    if (call.record.candidates.length === 0) {
      call.record.candidates = this.#candidates.inOrder(TOLD_CANDIDATES, clock.now());
    }
    for (;;) {
      if (call.isGone) return clientLeft;
      const waitMs = this.#waitForOwnMs();
      if (waitMs > 0) {
        await this.#waitForOwn(waitMs);
        continue;
      }
      // From here to its beginning on the account nothing is waited for, so that nobody takes the place in between.
      const candidate = this.#candidates.next(clock.now());
      call.record.skipped = this.#candidates.skips;
      call.record.skippedCount = this.#candidates.skippedCount;
      if (candidate === null) return held ?? this.#verdict(last);
      const tied = tiedToOwner(candidate, this.#planned, { roster, now: clock.now() });
      held ??= tied;
      if (tied !== null && candidate.reason === "manual") continue;
      if (tied !== null) return tied;
      const result = await this.#tryAccount(candidate);
      if (!isFailure(result)) return result;
      if (call.isGone) return clientLeft;
      if (result.class === "request" && result.retry === "never") return result;
      if (result.retry === "never") return this.#verdict(last, result);
      const compaction = boundByCompaction(result, this.#planned, { roster, now: clock.now() });
      if (compaction !== null) return compaction;
      last = result;
      if (this.#isSpent) return this.#verdict(last);
    }
  }

  /** Waits until an account may be free again, if that is soon enough, and has the candidates walked anew. */
  async mayWaitAfter(failure: Failure): Promise<boolean> {
    const { clock, roster, limits } = this.#parts;
    const { ask } = this.#planned;
    if (failure.class !== "gateway" || failure.until === undefined || this.#isSpent || roster.line.isFull) return false;
    const now = clock.now();
    const chanceAt = nextChanceAt(roster.pool, ask, this.#exhausted, now);
    if (chanceAt === null) return false;
    const isForPlace = this.#candidates.isWorthWaiting(now);
    const leftMs = (isForPlace ? limits.queueWaitMs : limits.patienceMs) - this.#waitedMs;
    const waitMs = isForPlace ? leftMs : Math.max(1, chanceAt - now);
    if (leftMs <= 0 || waitMs > leftMs) return false;
    await this.#wait(waitMs);
    this.#candidates = new Candidates(roster.pool, ask, this.#exhausted);
    return true;
  }

  #waitForOwnMs(): number {
    const { clock, roster, limits } = this.#parts;
    const { ask } = this.#planned;
    if (this.#isSpent || this.#exhausted.has(ask.boundAccountId ?? "")) return 0;
    return waitForOwnMs(roster.pool, ask, limits.boundWaitMs - this.#ownWaitedMs, clock.now());
  }

  async #waitForOwn(ms: number): Promise<void> {
    const { roster } = this.#parts;
    const before = this.#waitedMs;
    await this.#wait(ms);
    this.#ownWaitedMs += this.#waitedMs - before;
    this.#candidates = new Candidates(roster.pool, this.#planned.ask, this.#exhausted);
  }

  async #tryAccount(candidate: Candidate): Promise<Committed | Failure> {
    const { clock, roster } = this.#parts;
    roster.begin(candidate);
    this.#sender.choose(candidate);
    const result = await this.#tryRepeatedly(candidate.account.id);
    if (isFailure(result)) {
      roster.end(candidate);
      return result;
    }
    this.#planned.call.record.routeReason = candidate.reason;
    const { stillSent, waitedMs } = this.#sender;
    const times = { attemptedAt: result.startedAt, committedAt: clock.now(), waitedMs };
    const { exchange } = result;
    const accountId = candidate.account.id;
    const { fields, call } = this.#planned;
    const answerTerms = { model: fields.model ?? "", owner: accountId, now: call.startedAt };
    return { ...this.#planned, lease: candidate, accountId, exchange, stillSent, ...times, answerTerms };
  }

  async #tryRepeatedly(accountId: string): Promise<{ exchange: Exchange; startedAt: number } | Failure> {
    const { clock, limits } = this.#parts;
    for (;;) {
      const startedAt = clock.now();
      const result = await this.#sender.send();
      if (!isFailure(result)) return { exchange: result, startedAt };
      if (result === takenOut) return result;
      const tries = (this.#tries.get(accountId) ?? 0) + 1;
      this.#tries.set(accountId, tries);
      if (tries >= limits.perAccount) this.#exhausted.add(accountId);
      if (result.code === "upstream_timeout") this.#timeouts += 1;
      else this.#refusedMs += spanMs(startedAt, clock.now());
      const isRepeatable = result.retry === "same" || result.retry === "refresh" || result.retry === "strip";
      if (this.#planned.call.isGone || !isRepeatable) return result;
      const isLast = tries >= limits.perAccount || this.#isSpent;
      // A refused token is renewed in any case, or every later request would meet it too.
      if (isLast && result.retry !== "refresh") return result;
      if (!(await this.#sender.prepareRepeat(result)) || isLast) return result;
      if (result.retry === "same") await this.#pauseBefore(tries);
    }
  }

  async #pauseBefore(tried: number): Promise<void> {
    const ms = Math.round(FIRST_PAUSE_MS * 2 ** (tried - 1) * (1 + JITTER * this.#parts.random()));
    this.#refusedMs += ms;
    await this.#rest(ms);
  }

  /** Waits in line: until something changes, at most so long. */
  async #wait(ms: number): Promise<void> {
    const { clock, roster } = this.#parts;
    const startedAt = clock.now();
    await roster.line.wait(ms, (act) => this.#planned.call.whenGone(act));
    const waitedMs = spanMs(startedAt, clock.now());
    this.#waitedMs += waitedMs;
    this.#sender.waitedMs += waitedMs;
    this.#planned.call.heldUp(waitedMs);
  }

  /** Waits the time out, unless the client leaves. */
  async #rest(ms: number): Promise<void> {
    const { clock } = this.#parts;
    const { call } = this.#planned;
    await new Promise<void>((resolve) => {
      const timer = clock.timer(ms, resolve);
      call.whenGone(() => {
        timer.cancel();
        resolve();
      });
    });
    call.whenGone(null);
    this.#sender.waitedMs += ms;
  }

  get #isSpent(): boolean {
    const isBudgetSpent = this.#tries.size > 0 && this.#refusedMs >= this.#parts.limits.budgetMs;
    return isBudgetSpent || this.#timeouts >= MOST_TIMEOUTS;
  }

  /**
   * What the client is told: when it was not the accounts that stood in the way, what did; else what all accounts wait
   * for, unless something else ended the matter.
   */
  #verdict(last: Failure | null, ending: Failure | null = null): Failure {
    if (last !== null && last.scope !== "account" && last.scope !== "account_model") return last;
    if (ending !== null) return ending;
    const { roster, clock } = this.#parts;
    const { ask } = this.#planned;
    const judge = isStrict(ask) ? manualCannotServe : nobodyCanServe;
    const failure = judge(roster.pool, ask, clock.now());
    return this.#planned.sparesPaid ? { ...failure, message: `${failure.message} ${SPARED}` } : failure;
  }
}

/** A clock that was set back meanwhile makes no time come again. */
function spanMs(from: number, to: number): number {
  return Math.max(0, to - from);
}
