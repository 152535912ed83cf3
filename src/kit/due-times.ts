// Remembers for each of many numbered places when it is next due, and hands out those whose time has come. A binary heap
// that knows where each place stands, so that a time which is set anew over and over takes no more room.

export class DueTimes {
  /** The heap: the place that is due first in front. */
  readonly #places: number[] = [];
  readonly #times: number[] = [];
  /** Where in the heap each place stands. */
  readonly #indexes = new Map<number, number>();

  /** Sets when the place is due; infinite for never. */
  set(place: number, at: number): void {
    const index = this.#indexes.get(place);
    if (at === Number.POSITIVE_INFINITY) {
      if (index !== undefined) this.#removeAt(index);
    } else if (index === undefined) {
      this.#put(this.#places.length, place, at);
      this.#settle(this.#places.length - 1);
    } else if (this.#times[index] !== at) {
      this.#times[index] = at;
      this.#settle(index);
    }
  }

  /** A place whose time has come, which is then no longer due; -1 when there is none. */
  take(now: number): number {
    const [first] = this.#places;
    if (first === undefined || this.#timeAt(0) > now) return -1;
    this.#removeAt(0);
    return first;
  }

  #removeAt(index: number): void {
    this.#indexes.delete(this.#places[index] as number);
    const place = this.#places.pop() as number;
    const at = this.#times.pop() as number;
    if (index === this.#places.length) return;
    this.#put(index, place, at);
    this.#settle(index);
  }

  /** Moves an entry up or down to where it belongs. */
  #settle(start: number): void {
    let index = start;
    for (
      let above = (index - 1) >> 1;
      index > 0 && this.#timeAt(above) > this.#timeAt(index);
      above = (index - 1) >> 1
    ) {
      this.#swap(index, above);
      index = above;
    }
    for (let least = this.#earliest(index); least !== index; least = this.#earliest(index)) {
      this.#swap(index, least);
      index = least;
    }
  }

  /** Which of an entry and the two below it is due first. */
  #earliest(index: number): number {
    let least = index;
    for (const below of [2 * index + 1, 2 * index + 2]) {
      if (below < this.#places.length && this.#timeAt(below) < this.#timeAt(least)) least = below;
    }
    return least;
  }

  #swap(left: number, right: number): void {
    const place = this.#places[left] as number;
    const at = this.#timeAt(left);
    this.#put(left, this.#places[right] as number, this.#timeAt(right));
    this.#put(right, place, at);
  }

  #put(index: number, place: number, at: number): void {
    this.#places[index] = place;
    this.#times[index] = at;
    this.#indexes.set(place, index);
  }

  #timeAt(index: number): number {
    return this.#times[index] as number;
  }
}
