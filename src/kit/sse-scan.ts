// Finds where server-sent events begin and end in a stream of bytes, however it is cut into chunks, without decoding
// them. Lines end with LF or CRLF.

const LF = 0x0a;
const CR = 0x0d;

/** An event that is split over chunks is collected up to this size; what is larger is passed over. */
const LARGEST_COLLECTED = 32 * 1024 * 1024;
/** So many bytes of an event tell what it is. */
const TELLING_BYTES = 96;

export interface SseSink {
  /** Asked once for an event that is split over chunks: is it worth collecting? The range holds its first bytes. */
  wants(bytes: Buffer, start: number, end: number): boolean;
  /** One whole event, up to and with the blank line that ends it. The bytes are only valid during the call. */
  event(bytes: Buffer, start: number, end: number): void;
}

export class SseScanner {
  readonly #sink: SseSink;
  #partial: Buffer[] = [];
  #partialSize = 0;
  #isCollecting: boolean | null = null;
  #hasEndedInside = false;
  /** What earlier chunks hold of the current line. */
  #line: "empty" | "cr" | "filled" = "empty";

  constructor(sink: SseSink) {
    this.#sink = sink;
  }

  /** Whether the bytes so far end between two events. */
  get isAtBoundary(): boolean {
    return this.#partialSize === 0 && !this.#hasEndedInside;
  }

  push(chunk: Buffer): void {
    let eventStart = 0;
    let lineStart = 0;
    for (;;) {
      const newline = chunk[lineStart] === LF ? lineStart : chunk.indexOf(LF, lineStart);
      if (newline < 0) break;
      const length = newline - lineStart;
      const isLoneCr = length === 1 && chunk[lineStart] === CR;
      const isBlank = length === 0 ? this.#line !== "filled" : isLoneCr && this.#line === "empty";
      this.#line = "empty";
      lineStart = newline + 1;
      if (!isBlank) continue;
      this.#finish(chunk, eventStart, lineStart);
      eventStart = lineStart;
    }
    const rest = chunk.length - lineStart;
    if (rest > 0) this.#line = rest === 1 && chunk[lineStart] === CR && this.#line === "empty" ? "cr" : "filled";
    if (eventStart < chunk.length) this.#keep(chunk.subarray(eventStart));
  }

  /** Tells the last event of a stream that ended without a blank line, whole or not. */
  end(): void {
    if (this.#partialSize === 0) return;
    this.#hasEndedInside = true;
    this.#finish(Buffer.alloc(0), 0, 0);
  }

  #finish(chunk: Buffer, start: number, end: number): void {
    if (this.#partialSize === 0) {
      this.#sink.event(chunk, start, end);
      return;
    }
    const whole = this.#isCollecting === false ? null : Buffer.concat([...this.#partial, chunk.subarray(start, end)]);
    this.#partial = [];
    this.#partialSize = 0;
    this.#isCollecting = null;
    if (whole !== null) this.#sink.event(whole, 0, whole.length);
  }

  #keep(part: Buffer): void {
    this.#partialSize += part.length;
    if (this.#isCollecting === false) return;
    this.#partial.push(part);
    if (this.#isCollecting === null && this.#partialSize >= TELLING_BYTES) {
      const head = this.#partial.length === 1 ? part : Buffer.concat(this.#partial);
      this.#partial = [head];
      this.#isCollecting = this.#sink.wants(head, 0, head.length);
    }
    if (this.#isCollecting === false || this.#partialSize > LARGEST_COLLECTED) {
      this.#isCollecting = false;
      this.#partial = [];
    }
  }
}
