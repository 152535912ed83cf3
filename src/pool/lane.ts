// The accounts as requests of one kind see them, always in the order in which they would be asked. A change of one
// account costs a path through a tournament, a choice nothing that grows with the pool.

import { Tournament } from "../kit/tournament.ts";
import type { Skip } from "./eligibility.ts";
import { type Chance, chanceOf, type Entry, type PoolTerms, precedenceOf, skipOf, type Wanted } from "./standing.ts";
import type { Strategy } from "./strategy/strategy.ts";

const OUTSIDE = Number.POSITIVE_INFINITY;

export class Lane {
  readonly #entries: readonly Entry[];
  readonly #wanted: Wanted;
  readonly #strategy: Strategy;
  readonly #order: Tournament;
  /** Places whose standing has to be looked at again, each once. */
  readonly #touched: number[] = [];
  readonly #isTouched: Uint8Array;
  /** Places that cannot be asked, in no order, and where in that list each stands (-1: not in it). */
  readonly #passedOver: number[] = [];
  readonly #passedOverAt: Int32Array;
  readonly #chances: Chance[];
  #busy = 0;

  constructor(entries: readonly Entry[], wanted: Wanted, strategy: Strategy) {
    this.#entries = entries;
    this.#wanted = wanted;
    this.#strategy = strategy;
    this.#order = new Tournament(entries.length);
    this.#isTouched = new Uint8Array(entries.length);
    this.#passedOverAt = new Int32Array(entries.length).fill(-1);
    this.#chances = Array.from(entries, () => "filtered" as const);
    for (const { place } of entries) this.touch(place);
  }

  /** Something about the account at this place has changed. */
  touch(place: number): void {
    if (this.#isTouched[place] === 1) return;
    this.#isTouched[place] = 1;
    this.#touched.push(place);
  }

  /** Takes all changes into account. */
  refresh(terms: PoolTerms, now: number): void {
    for (const place of this.#touched) {
      this.#isTouched[place] = 0;
      this.#rate(this.#entries[place] as Entry, terms, now);
    }
    this.#touched.length = 0;
  }

  /** Who is asked first of those that are not passed over; null when there is nobody. */
  first(isPassedOver: (entry: Entry) => boolean): Entry | null {
    const place = this.#order.first((each) => isPassedOver(this.#entries[each] as Entry));
    return place < 0 ? null : (this.#entries[place] as Entry);
  }

  /** How many could serve but for their limit. */
  get busyCount(): number {
    return this.#busy;
  }

  get skippedCount(): number {
    return this.#passedOver.length;
  }

  /** The first few of those that cannot be asked, in the user's order when they are few, with their reasons. */
  skips(most: number, terms: PoolTerms, now: number): Skip[] {
    const places = this.#passedOver.slice(0, most).sort((left, right) => left - right);
    return places.flatMap((place) => skipOf(this.#entries[place] as Entry, this.#wanted, terms, now) ?? []);
  }

  #rate(entry: Entry, terms: PoolTerms, now: number): void {
    const { place } = entry;
    const chance = chanceOf(entry, this.#wanted, terms, now);
    const isIn = chance === "free" || chance === "probe";
    if (isIn) this.#order.set(place, precedenceOf(entry, this.#strategy, terms, now), this.#strategy.rank(entry, now));
    else this.#order.set(place, OUTSIDE, 0);
    this.#busy += Number(chance === "busy") - Number(this.#chances[place] === "busy");
    this.#chances[place] = chance;
    this.#passOver(place, !isIn && chance !== "filtered");
  }

  #passOver(place: number, isPassedOver: boolean): void {
    const at = this.#passedOverAt[place] as number;
    if (isPassedOver === at >= 0) return;
    if (isPassedOver) {
      this.#passedOverAt[place] = this.#passedOver.push(place) - 1;
      return;
    }
    const last = this.#passedOver.pop() as number;
    this.#passedOverAt[place] = -1;
    if (last === place) return;
    this.#passedOver[at] = last;
    this.#passedOverAt[last] = at;
  }
}
