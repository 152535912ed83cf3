// Gives every item of an answer one number, by whichever of its names an event uses: its id, its place in the output, or
// the id of its call. Never by what came last: calls may be written side by side.

export interface ItemNames {
  readonly id: string | null;
  readonly place: number | null;
  readonly callId: string | null;
}

export class ItemNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #callIds = new Map<number, string>();
  readonly #byKind = new Map<string, number[]>();
  #count = 0;

  /** The number of the item; a new one for an item that was not named before. */
  numberOf(names: ItemNames, kind: string): number {
    const known = this.#find(names) ?? this.#unnamed(names, kind);
    const number = known ?? this.#count++;
    if (known === undefined) this.#ofKind(kind).push(number);
    this.#remember(names, number);
    return number;
  }

  /** The number of the item in the finished output, whose places need not be those of the stream: `rank` counts its kind. */
  numberInOutput({ id, callId }: ItemNames, kind: string, rank: number): number {
    const names = { id, callId, place: null };
    const isUnnamed = id === null && callId === null;
    return (isUnnamed ? this.#ofKind(kind)[rank] : this.#find(names)) ?? this.numberOf(names, kind);
  }

  #ofKind(kind: string): number[] {
    const numbers = this.#byKind.get(kind) ?? [];
    this.#byKind.set(kind, numbers);
    return numbers;
  }

  #find({ id, place, callId }: ItemNames): number | undefined {
    const direct = this.#at("id", id) ?? this.#at("call", callId);
    if (direct !== undefined) return direct;
    const there = this.#at("place", place);
    if (there === undefined) return undefined;
    // Some upstreams give all calls the same place.
    const other = this.#callIds.get(there);
    return callId !== null && other !== undefined && other !== callId ? undefined : there;
  }

  /** What events without any name spoke of; the first item of that kind that has one turns out to be it. */
  #unnamed({ id, place, callId }: ItemNames, kind: string): number | undefined {
    const key = `unnamed ${kind}`;
    const number = this.#numbers.get(key);
    if (id !== null || place !== null || callId !== null) this.#numbers.delete(key);
    else if (number === undefined) this.#numbers.set(key, this.#count);
    return number;
  }

  #at(sort: string, name: string | number | null): number | undefined {
    return name === null ? undefined : this.#numbers.get(`${sort} ${name}`);
  }

  #remember({ id, place, callId }: ItemNames, number: number): void {
    if (id !== null) this.#numbers.set(`id ${id}`, number);
    if (place !== null) this.#numbers.set(`place ${place}`, number);
    if (callId === null) return;
    this.#numbers.set(`call ${callId}`, number);
    this.#callIds.set(number, callId);
  }
}
