// Runs one job over and over: a wait, a run, never two at once. A wait is planned anew when settings change.

import type { Clock, Timer } from "../kit/clock.ts";
import type { Job, JobStatus, RunEnd } from "./job.ts";
import { waitSeconds } from "./job.ts";

export interface LoopParts {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  onFailure(job: string, message: string): void;
  reportBug(job: string, error: unknown): void;
  /** A run has begun or ended, or is to begin at another time. */
  onChange?(status: JobStatus): void;
}

/** Timers hold no more than a signed 32-bit number of milliseconds. */
const longestTimerMs = 2 ** 31 - 1;

export class Loop {
  readonly #job: Job;
  readonly #parts: LoopParts;
  /** The moment that the wait counts from. */
  #waitsSince: number;
  #jitter: number;
  #timer: Timer | null = null;
  #running: AbortController | null = null;
  #isStopped = true;
  #lastRunAt: number | null = null;
  #lastEndedAt: number | null = null;
  #lastError: string | null = null;
  #nextRunAt: number | null = null;
  #failures = 0;

  constructor(job: Job, parts: LoopParts) {
    this.#job = job;
    this.#parts = parts;
    this.#waitsSince = parts.clock.now();
    this.#jitter = parts.random();
  }

  /** The first delay counts from here. Call it once. */
  start(): void {
    this.#isStopped = false;
    this.#waitsSince = this.#parts.clock.now();
    this.plan();
  }

  /** Sets the next run by the settings as they are now; switched off, a run under way is broken off. */
  plan(): void {
    const before = this.#nextRunAt;
    this.#arm();
    if (this.#nextRunAt !== before) this.#tell();
  }

  /** Nothing is started any more, and what still runs is told to end; how it ends interests nobody. */
  stop(): void {
    this.#isStopped = true;
    this.#arm();
  }

  status(): JobStatus {
    return {
      name: this.#job.name,
      isEnabled: this.#job.isEnabled(),
      isRunning: this.#running !== null,
      lastRunAt: this.#lastRunAt,
      lastEndedAt: this.#lastEndedAt,
      lastError: this.#lastError,
      nextRunAt: this.#nextRunAt,
      failures: this.#failures,
    };
  }

  #arm(): void {
    this.#timer?.cancel();
    this.#nextRunAt = null;
    if (this.#isStopped || !this.#job.isEnabled()) return this.#running?.abort();
    if (this.#running !== null) return;
    const now = this.#parts.clock.now();
    this.#nextRunAt = Math.max(now, this.#waitsSince + this.#waitMs());
    this.#timer = this.#parts.clock.timer(Math.min(this.#nextRunAt - now, longestTimerMs), () => void this.#run());
  }

  #tell(): void {
    if (!this.#isStopped) this.#parts.onChange?.(this.status());
  }

  #waitMs(): number {
    const { firstDelaySeconds } = this.#job;
    const wait =
      this.#lastEndedAt === null
        ? firstDelaySeconds
        : waitSeconds(this.#job.intervalSeconds(), this.#failures, this.#job.backoffMaxSeconds());
    return (wait + this.#jitter * this.#job.jitterSeconds()) * 1000;
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#parts;
    const running = new AbortController();
    this.#running = running;
    this.#nextRunAt = null;
    this.#lastRunAt = clock.now();
    this.#tell();
    const end = await this.#runOnce(running.signal);
    if (!running.signal.aborted) this.#judge(end);
    this.#running = null;
    this.#lastEndedAt = this.#waitsSince = clock.now();
    this.#jitter = random();
    this.#arm();
    this.#tell();
  }

  async #runOnce(signal: AbortSignal): Promise<RunEnd> {
    try {
      return await this.#job.run(signal);
    } catch (error) {
      if (!signal.aborted) this.#parts.reportBug(this.#job.name, error);
      return { failed: error instanceof Error ? error.message : String(error) };
    }
  }

  #judge(end: RunEnd): void {
    if (end === "idle") return;
    this.#lastError = end === "done" ? null : end.failed;
    this.#failures = end === "done" ? 0 : this.#failures + 1;
    if (this.#lastError !== null) this.#parts.onFailure(this.#job.name, this.#lastError);
  }
}
