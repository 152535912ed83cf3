// A clock that stands still until it is told to go on: for tests and simulated worlds.

import type { Clock, Timer } from "./clock.ts";

interface Due {
  readonly at: number;
  /** Counts up with every setting, so that what falls due together fires as it was set. */
  readonly order: number;
  readonly timer: VirtualTimer;
}

export class VirtualClock implements Clock {
  /** A binary heap, the next to fall due in front. Timers that were cancelled or set anew are passed over when they come up. */
  readonly #heap: Due[] = [];
  #now: number;
  #order = 0;
  #pending = 0;

  /** Default start: the middle of an ordinary day. */
  constructor(startAt = Date.UTC(2026, 10, 20, 12)) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  timer(ms: number, fire: () => void): Timer {
    const timer = new VirtualTimer(
      fire,
      (wanted) => {
        if (wanted.due === null) this.#pending += 1;
        wanted.due = this.#push(this.#now + ms, wanted);
      },
      () => (this.#pending -= 1),
    );
    timer.refresh();
    return timer;
  }

  /** Timers that are waiting. */
  get pending(): number {
    return this.#pending;
  }

  /** When the next timer falls due; null when none is waiting. */
  get nextAt(): number | null {
    return this.#next()?.at ?? null;
  }

  /** Goes on to the next timer and fires that one alone; false when none is waiting. */
  step(): boolean {
    const next = this.#next();
    if (next === undefined) return false;
    this.#pop();
    this.#now = Math.max(this.#now, next.at);
    next.timer.due = null;
    this.#pending -= 1;
    next.timer.fire();
    return true;
  }

  /** Goes on, and fires what falls due in its order, each at its own moment. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.nextAt; next !== null && next <= end; next = this.nextAt) this.step();
    this.#now = end;
  }

  #next(): Due | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.timer.due === first) return first;
      this.#pop();
    }
  }

  #push(at: number, timer: VirtualTimer): Due {
    const due: Due = { at, order: (this.#order += 1), timer };
    const heap = this.#heap;
    let place = heap.push(due) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = heap[above] as Due;
      if (isBefore(other, due)) break;
      heap[place] = other;
      place = above;
    }
    heap[place] = due;
    return due;
  }

  /** Takes the first away. */
  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Due;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      const left = heap[below];
      const right = heap[below + 1];
      if (left === undefined) break;
      if (right !== undefined && isBefore(right, left)) below += 1;
      const other = heap[below] as Due;
      if (isBefore(last, other)) break;
      heap[place] = other;
      place = below;
    }
    heap[place] = last;
  }
}

class VirtualTimer implements Timer {
  /** Where it waits; null when it does not. */
  due: Due | null = null;
  readonly fire: () => void;
  readonly #set: (timer: VirtualTimer) => void;
  readonly #unset: () => void;

  constructor(fire: () => void, set: (timer: VirtualTimer) => void, unset: () => void) {
    this.fire = fire;
    this.#set = set;
    this.#unset = unset;
  }

  refresh(): void {
    this.#set(this);
  }

  cancel(): void {
    if (this.due === null) return;
    this.due = null;
    this.#unset();
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
