// Listens to an upstream stream as it passes: has it said anything yet, how did it end, what did it cost, what does it
// tell about limits. It never changes or delays a byte.

import { scanMembers } from "../kit/json-scan.ts";
import { type SseSink, SseScanner } from "../kit/sse-scan.ts";
import type { Reading } from "../pool/account.ts";
import { readingFromEvent } from "../upstream/chatgpt/limits.ts";
import {
  type EventKind,
  eventKind,
  eventPayload,
  isTerminal,
  kindFromHead,
  readTerminal,
  type TerminalFacts,
} from "../wire/responses/events.ts";

export interface Terminal {
  readonly kind: EventKind;
  readonly facts: TerminalFacts;
  readonly payload: Buffer;
}

const NOTHING = Buffer.alloc(0);

export class StreamTap implements SseSink {
  readonly #scanner = new SseScanner(this);
  readonly #now: () => number;
  #hasContent = false;
  #terminal: Terminal | null = null;
  #readings: readonly Reading[] = [];
  #isOver = false;

  /** `now` gives epoch ms, for the age of readings. */
  constructor(now: () => number) {
    this.#now = now;
  }

  push(chunk: Buffer): void {
    this.#scanner.push(chunk);
  }

  /** The stream has ended; takes in a last event without a blank line behind it, if it is whole. */
  end(): void {
    this.#isOver = true;
    this.#scanner.end();
  }

  /** An answer that is no stream but one object; null when it was too large to look at. */
  takeObject(payload: Buffer | null): void {
    if (payload !== null) this.#terminal = { kind: "completed", facts: readTerminal(payload), payload: NOTHING };
  }

  /** Whether anything of the answer itself has been said. */
  get hasContent(): boolean {
    return this.#hasContent;
  }

  /** The first event that ended the answer; later ones do not count. */
  get terminal(): Terminal | null {
    return this.#terminal;
  }

  /** The newest of each quota that events told of. */
  get readings(): readonly Reading[] {
    return this.#readings;
  }

  get isAtBoundary(): boolean {
    return this.#scanner.isAtBoundary;
  }

  wants(bytes: Buffer, start: number, end: number): boolean {
    const kind = kindFromHead(bytes, start, end);
    if (kind === "content") this.#hasContent = true;
    return kind !== "content" && kind !== "silent";
  }

  event(bytes: Buffer, start: number, end: number): void {
    const kind = eventKind(bytes, start, end);
    if (kind === "content") this.#hasContent = true;
    else if (kind === "limits") this.#note(readingFromEvent(eventPayload(bytes, start, end), this.#now()));
    else if (isTerminal(kind) && this.#terminal === null) {
      const payload = eventPayload(bytes, start, end);
      if (this.#isOver && scanMembers(payload) === null) return;
      this.#terminal = { kind, facts: readTerminal(payload), payload };
    }
  }

  #note(reading: Reading | null): void {
    if (reading === null) return;
    this.#readings = [...this.#readings.filter(({ family }) => family !== reading.family), reading];
  }
}
