// A tournament over numbered places: always knows which of many places ranks first, and learns of one change in
// logarithmic time. A place ranks by its major, then its minor number, then by itself; an infinite major stands outside.

export class Tournament {
  readonly #leaves: number;
  readonly #major: Float64Array;
  readonly #minor: Float64Array;
  /** Winner of each node, the root at 1; -1 for none. Node n has 2n and 2n + 1 below it. */
  readonly #winners: Int32Array;

  constructor(size: number) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(2, size)));
    this.#major = new Float64Array(this.#leaves).fill(Number.POSITIVE_INFINITY);
    this.#minor = new Float64Array(this.#leaves);
    this.#winners = new Int32Array(2 * this.#leaves).fill(-1);
  }

  set(place: number, major: number, minor: number): void {
    if (this.#major[place] === major && this.#minor[place] === minor) return;
    this.#major[place] = major;
    this.#minor[place] = minor;
    let node = this.#leaves + place;
    this.#winners[node] = major === Number.POSITIVE_INFINITY ? -1 : place;
    for (node >>= 1; node > 0; node >>= 1) {
      const winner = this.#better(this.#at(2 * node), this.#at(2 * node + 1));
      // Whoever won before and is not the one that changed goes on winning above.
      if (winner === this.#winners[node] && winner !== place) return;
      this.#winners[node] = winner;
    }
  }

  isInside(place: number): boolean {
    return this.#major[place] !== Number.POSITIVE_INFINITY;
  }

  /** The first place that is not passed over; -1 when there is none. Costs a path for each place passed over. */
  first(isPassedOver: (place: number) => boolean, node = 1): number {
    const winner = this.#at(node);
    if (winner < 0 || !isPassedOver(winner)) return winner;
    if (node >= this.#leaves) return -1;
    return this.#better(this.first(isPassedOver, 2 * node), this.first(isPassedOver, 2 * node + 1));
  }

  #at(node: number): number {
    return this.#winners[node] as number;
  }

  #better(left: number, right: number): number {
    if (left < 0) return right;
    if (right < 0) return left;
    const difference = (this.#major[left] as number) - (this.#major[right] as number);
    if (difference !== 0) return difference < 0 ? left : right;
    return (this.#minor[left] as number) <= (this.#minor[right] as number) ? left : right;
  }
}
