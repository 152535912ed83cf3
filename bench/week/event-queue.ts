// Events on the virtual clock, the earliest first; those of one moment in the order in which they were put in.

export class EventQueue<E> {
  readonly #events: E[] = [];
  readonly #times: number[] = [];
  readonly #numbers: number[] = [];
  #put = 0;

  put(at: number, event: E): void {
    let index = this.#events.length;
    const number = (this.#put += 1);
    while (index > 0) {
      const above = (index - 1) >> 1;
      if (this.#isBefore(above, at, number)) break;
      this.#move(above, index);
      index = above;
    }
    this.#set(index, at, number, event);
  }

  /** Infinite when nothing is left. */
  get nextAt(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY;
  }

  take(): E | undefined {
    const first = this.#events[0];
    const at = this.#times.pop();
    const number = this.#numbers.pop();
    const event = this.#events.pop();
    if (at === undefined || number === undefined || event === undefined || this.#events.length === 0) return first;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= this.#events.length) break;
      const right = below + 1;
      const isRight = right < this.#events.length && !this.#isBefore(below, this.#at(right), this.#numberAt(right));
      if (isRight) below = right;
      if (!this.#isBefore(below, at, number)) break;
      this.#move(below, index);
      index = below;
    }
    this.#set(index, at, number, event);
    return first;
  }

  #isBefore(index: number, at: number, number: number): boolean {
    const own = this.#at(index);
    return own < at || (own === at && this.#numberAt(index) < number);
  }

  #at(index: number): number {
    return this.#times[index] as number;
  }

  #numberAt(index: number): number {
    return this.#numbers[index] as number;
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#at(from), this.#numberAt(from), this.#events[from] as E);
  }

  #set(index: number, at: number, number: number, event: E): void {
    this.#times[index] = at;
    this.#numbers[index] = number;
    this.#events[index] = event;
  }
}
