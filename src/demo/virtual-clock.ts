// A clock that stands still until it is told to go on.

import type { Clock, Timer } from "../kit/clock.ts";

interface Due {
  at: number;
  readonly ms: number;
  readonly fire: () => void;
}

export class VirtualClock implements Clock {
  readonly #due = new Set<Due>();
  #now: number;

  /** Default start: the middle of an ordinary day. */
  constructor(startAt = Date.UTC(2026, 10, 20, 12)) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  timer(ms: number, fire: () => void): Timer {
    const due: Due = { at: this.#now + ms, ms, fire };
    this.#due.add(due);
    return {
      refresh: () => {
        due.at = this.#now + ms;
        this.#due.add(due);
      },
      cancel: () => void this.#due.delete(due),
    };
  }

  /** Timers that are waiting. */
  get pending(): number {
    return this.#due.size;
  }

  /** Goes on, and fires what falls due in its order, each at its own moment. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#due.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
    }
    this.#now = end;
  }

  #next(end: number): Due | undefined {
    let first: Due | undefined;
    for (const due of this.#due) if (due.at <= end && (!first || due.at < first.at)) first = due;
    return first;
  }
}
