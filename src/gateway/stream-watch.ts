// One clock hand for all open streams: sends signs of life where an upstream is quiet and ends those that stay silent
// too long. A timer per stream would cost more than the streams.

import type { Clock } from "../kit/clock.ts";
import { Crowd, type Member } from "../kit/crowd.ts";

export interface Watched extends Member {
  /** Epoch ms of the last byte from the upstream. */
  readonly heardAt: number;
  /** Epoch ms of the last byte to the client. */
  readonly spokenAt: number;
  /** Whether the answer is complete, although the upstream holds the connection open. */
  readonly isAnswered: boolean;
  /** The clock was set back: silence counts from now (epoch ms) on. */
  rewind(now: number): void;
  beat(): void;
  complete(): void;
  stalled(): void;
}

export interface WatchLimits {
  /** Silence after which the client is sent a sign of life, ms; 0 sends none. */
  readonly heartbeatMs: number;
  /** Longest silence of the upstream, ms; 0 sets no limit. */
  readonly idleMs: number;
}

const ROUND_MS = 1000;
/** So long an upstream may go on after it has ended its answer. */
const AFTERMATH_MS = 1000;

export class StreamWatch {
  readonly #clock: Clock;
  readonly #limits: () => WatchLimits;
  readonly #streams = new Crowd<Watched>();
  #isTicking = false;

  constructor(clock: Clock, limits: () => WatchLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  add(stream: Watched): void {
    this.#streams.add(stream);
    this.#tick();
  }

  remove(stream: Watched): void {
    this.#streams.remove(stream);
  }

  #tick(): void {
    if (this.#isTicking || this.#streams.size === 0) return;
    this.#isTicking = true;
    this.#clock.timer(ROUND_MS, () => this.#round());
  }

  #round(): void {
    this.#isTicking = false;
    const now = this.#clock.now();
    const { heartbeatMs, idleMs } = this.#limits();
    for (const stream of this.#streams.all()) {
      if (stream.heardAt > now) stream.rewind(now);
      if (stream.isAnswered) {
        if (now - stream.heardAt >= AFTERMATH_MS) stream.complete();
      } else if (idleMs > 0 && now - stream.heardAt >= idleMs) stream.stalled();
      else if (heartbeatMs > 0 && now - stream.spokenAt >= heartbeatMs) stream.beat();
    }
    this.#tick();
  }
}
