// Keeps an answer that is one JSON object while it passes, so that its usage can be read at the end. A large one is let go.

const LARGEST = 4 * 1024 * 1024;

export class SmallObject {
  #pieces: Buffer[] = [];
  #size = 0;

  take(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size <= LARGEST) this.#pieces.push(piece);
    else this.#pieces = [];
  }

  /** Null when there was nothing, or too much. */
  whole(): Buffer | null {
    if (this.#size === 0 || this.#size > LARGEST) return null;
    return this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces);
  }
}
