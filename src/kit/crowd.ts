// Objects that come and go quickly, by the thousand. A Set would keep those that have left alive until the next full
// garbage collection: the tables it outgrows stay linked to one another, and each still holds its members.

export interface Member {
  /** Where the crowd keeps it; -1 outside. The crowd alone writes this. */
  place: number;
}

export class Crowd<M extends Member> {
  readonly #members: M[] = [];

  get size(): number {
    return this.#members.length;
  }

  add(member: M): void {
    if (member.place < 0) member.place = this.#members.push(member) - 1;
  }

  remove(member: M): void {
    const { place } = member;
    if (place < 0) return;
    const last = this.#members.pop() as M;
    if (last !== member) {
      this.#members[place] = last;
      last.place = place;
    }
    member.place = -1;
  }

  /** The members of this moment; members may leave while they are walked through. */
  all(): readonly M[] {
    return [...this.#members];
  }
}
