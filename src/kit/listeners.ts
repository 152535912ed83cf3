// Those who want to be told of one kind of thing.

export class Listeners<A extends readonly unknown[]> {
  readonly #listeners = new Set<(...told: A) => void>();

  /** Returns the unsubscriber. */
  readonly add = (listener: (...told: A) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  tell(...told: A): void {
    for (const listener of this.#listeners) listener(...told);
  }
}
