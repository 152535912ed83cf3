// What has been said of each text, so that a whole text that comes later says only what is new.

export class SentTexts {
  /** The pieces of each text: put together only when somebody asks for the whole. */
  readonly #sent = new Map<string, string[]>();

  /** A further piece of the text `key`. */
  add(key: string, piece: string): string {
    const sent = this.#sent.get(key);
    if (sent === undefined) this.#sent.set(key, [piece]);
    else sent.push(piece);
    return piece;
  }

  /** What of the whole text has not been said; nothing when it contradicts what was, which cannot be taken back. */
  rest(key: string, whole: string): string {
    const sent = this.#sent.get(key)?.join("") ?? "";
    return whole.startsWith(sent) ? this.add(key, whole.slice(sent.length)) : "";
  }

  has(key: string): boolean {
    return this.#sent.get(key)?.some((piece) => piece !== "") ?? false;
  }
}
