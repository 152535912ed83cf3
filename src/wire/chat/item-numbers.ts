// Gives every item of an answer one number, by whichever of its names an event uses: its id, its place in the output, or
// the id of its call. Never by what came last: calls may be written side by side.

export interface ItemNames {
  readonly id: string | null;
  readonly place: number | null;
  readonly callId: string | null;
}

interface Known {
  readonly kind: string;
  /** Whether the id of the item or of its call is known. */
  hasId: boolean;
  callId: string | null;
}

export class ItemNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #items: Known[] = [];

  /** Whom the last event spoke of: the next one mostly speaks of the same. */
  #last: (ItemNames & { readonly kind: string; readonly number: number }) | null = null;

  /** The number of the item; a new one for an item that was not named before. */
  numberOf(names: ItemNames, kind: string): number {
    const last = this.#last;
    const isSame = last !== null && last.id === names.id && last.place === names.place && last.callId === names.callId;
    if (isSame && last.kind === kind && !isUnnamed(names)) return last.number;
    const number = this.#find(names) ?? this.#unnamed(names, kind) ?? this.#fresh(kind);
    this.#remember(names, number, kind);
    this.#last = { ...names, kind, number };
    return number;
  }

  /** The number of an item that is finished: what comes without a name from now on is another one. */
  numberOfFinished(names: ItemNames, kind: string): number {
    const number = this.numberOf(names, kind);
    this.#numbers.delete(`unnamed ${kind}`);
    return number;
  }

  /**
   * The number of the item at `place` of the finished output. Its ids count most, since items may be missing there; new
   * ids belong to the nameless item at that place. Without ids it is the one there, or else the `rank`-th of its kind.
   */
  numberInOutput({ id, callId, place }: ItemNames, kind: string, rank: number): number {
    const isNameless = id === null && callId === null;
    const direct = this.#at("id", id) ?? this.#at("call", callId);
    const there = this.#at("place", place) ?? -1;
    const isThere = this.#items[there]?.kind === kind && (isNameless || !this.#items[there].hasId);
    const guess = isThere ? there : isNameless ? this.#ofKind(kind)[rank] : undefined;
    const number = direct ?? guess ?? this.#fresh(kind);
    if (!isNameless) this.#remember({ id, callId, place: null }, number, kind);
    return number;
  }

  #ofKind(kind: string): number[] {
    return [...this.#items.keys()].filter((number) => this.#items[number]?.kind === kind);
  }

  #fresh(kind: string): number {
    return this.#items.push({ kind, hasId: false, callId: null }) - 1;
  }

  #find({ id, place, callId }: ItemNames): number | undefined {
    const direct = this.#at("id", id) ?? this.#at("call", callId);
    if (direct !== undefined) return direct;
    const there = this.#at("place", place);
    if (there === undefined) return undefined;
    // Some upstreams give all calls the same place.
    const other = this.#items[there]?.callId ?? null;
    return callId !== null && other !== null && other !== callId ? undefined : there;
  }

  /** What events without any name spoke of; the first item of that kind that has one turns out to be it. */
  #unnamed(names: ItemNames, kind: string): number | undefined {
    const key = `unnamed ${kind}`;
    const number = this.#numbers.get(key);
    if (!isUnnamed(names)) this.#numbers.delete(key);
    return number;
  }

  #at(sort: string, name: string | number | null): number | undefined {
    return name === null ? undefined : this.#numbers.get(`${sort} ${name}`);
  }

  #remember(names: ItemNames, number: number, kind: string): void {
    const { id, place, callId } = names;
    if (isUnnamed(names)) this.#numbers.set(`unnamed ${kind}`, number);
    if (id !== null) this.#numbers.set(`id ${id}`, number);
    if (place !== null) this.#numbers.set(`place ${place}`, number);
    if (callId !== null) this.#numbers.set(`call ${callId}`, number);
    const known = this.#items[number];
    if (known === undefined) return;
    known.hasId ||= id !== null || callId !== null;
    known.callId = callId ?? known.callId;
  }
}

export function isUnnamed({ id, place, callId }: ItemNames): boolean {
  return id === null && place === null && callId === null;
}
