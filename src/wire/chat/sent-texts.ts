// What has been said of each text, so that a whole text that comes later says only what is new.

export class SentTexts {
  readonly #sent = new Map<string, string>();

  /** A further piece of the text `key`. */
  add(key: string, piece: string): string {
    this.#sent.set(key, (this.#sent.get(key) ?? "") + piece);
    return piece;
  }

  /** What of the whole text has not been said; nothing when it contradicts what was, which cannot be taken back. */
  rest(key: string, whole: string): string {
    const sent = this.#sent.get(key) ?? "";
    return whole.startsWith(sent) ? this.add(key, whole.slice(sent.length)) : "";
  }

  has(key: string): boolean {
    return (this.#sent.get(key) ?? "") !== "";
  }
}
