// Long work in the thread of the log is done in slices; between two of them, whoever waits has a turn.

/** A slice should take about so long. */
const sliceMs = 15;

/** Lets messages that have arrived be handled first. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Sizes of slices that adapt to how long they take: twice or half as much next time. */
export class SliceSize {
  readonly #least: number;
  #size: number;
  #startedAt = 0;

  constructor(first: number, least: number) {
    this.#size = first;
    this.#least = least;
  }

  /** How much the slice that begins now should do. */
  begin(): number {
    this.#startedAt = performance.now();
    return this.#size;
  }

  end(): void {
    const tookMs = performance.now() - this.#startedAt;
    if (tookMs < sliceMs / 3) this.#size *= 2;
    else if (tookMs > sliceMs) this.#size = Math.max(this.#least, Math.floor(this.#size / 2));
  }
}
