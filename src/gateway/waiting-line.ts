// Requests that wait for a place on an account, or for one to come back: in the order in which they came, for a bounded
// time, and never more of them than can be asked again at once.

import type { Clock } from "../kit/clock.ts";

const MOST_WAITING = 1000;

export class WaitingLine {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isFull(): boolean {
    return this.#waiting.size >= MOST_WAITING;
  }

  /** Resolves when something has changed, at the latest after `ms`; or when `whenGone` is told that nobody waits any more. */
  wait(ms: number, whenGone: (act: (() => void) | null) => void): Promise<void> {
    return new Promise((resolve) => {
      const leave = (): void => {
        timer.cancel();
        whenGone(null);
        this.#waiting.delete(leave);
        resolve();
      };
      const timer = this.#clock.timer(ms, leave);
      this.#waiting.add(leave);
      whenGone(leave);
    });
  }

  /** Something may be free now: everybody looks again, the one who came first before the others. */
  wake(): void {
    if (this.#waiting.size === 0) return;
    for (const leave of this.#waiting) leave();
  }
}
