// The events of this process: numbered, kept for a while, and handed to everybody who listens in batches. While nobody has
// listened for a time nothing is kept at all.

import type { EventType, Payload } from "../../contract/events.ts";
import type { Clock, Timer } from "../../kit/clock.ts";

export interface EventReader {
  /** Whole events in the form of the stream. Never throws and never waits. */
  take(batch: Buffer): void;
  /** There will be no more. */
  end(): void;
}

export interface EventHubOptions {
  readonly clock: Clock;
  /** Names this start of the process, so that an id of an earlier one is known to be lost. */
  readonly startId: string;
  readonly version: string;
  /** Nobody wants events any more; called once for each time that somebody did. */
  readonly onIdle: () => void;
}

interface KeptEvent {
  readonly id: string;
  readonly type: EventType;
  /** Asked once, when the event is first sent, so that the newest state is told. */
  readonly read: () => object;
  text: string | null;
}

/** Events kept for those who come back. A batch of more than this is not worth telling one by one. */
export const keptEvents = 4096;
/** So long after the last listener has left somebody may still come back. */
export const idleMs = 10 * 60_000;
/** The least time between two batches. */
export const batchMs = 250;

export class EventHub {
  readonly #options: EventHubOptions;
  readonly #readers = new Set<EventReader>();
  /** Waiting for the next batch, the newest event of each entity only. */
  readonly #pending = new Map<unknown, Pick<KeptEvent, "type" | "read">>();
  /** Event number n stands at n modulo the length. */
  readonly #kept: KeptEvent[] = [];
  #count = 0;
  /** Everything after this number is kept, as far as there is room. */
  #keptSince = 0;
  #isWanted = false;
  #isClosed = false;
  #lastBatchAt = -Infinity;
  #timer: Timer | null = null;
  #idleTimer: Timer | null = null;

  constructor(options: EventHubOptions) {
    this.#options = options;
  }

  /** Whether somebody listens, or has listened lately and may come back. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** Whether everything has been told; a stream that is opened now has nothing to wait for. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Tells of an entity; a newer event of the same type about it takes the place of one that still waits. Null: about none. */
  publish<T extends EventType>(type: T, entity: string | null, read: () => Payload<T>): void {
    if (!this.#isWanted) return;
    if (this.#pending.size >= keptEvents) this.#giveUpPending();
    const key = entity === null ? {} : `${type} ${entity}`;
    this.#pending.delete(key);
    this.#pending.set(key, { type, read });
    this.#timer ??= this.#options.clock.timer(this.#waitMs(), () => this.#sendBatch());
  }

  /** Sends what was missed since `lastId`, before it returns, then everything as it comes. Returns how to leave. */
  open(lastId: string | null, reader: EventReader): () => void {
    this.#isWanted = !this.#isClosed;
    this.#idleTimer?.cancel();
    const from = lastId === null ? this.#count : this.#numberOf(lastId);
    const hello = this.#hello(from ?? this.#count);
    const missed = from === null ? format({ type: "resync" }) : this.#textAfter(from);
    this.#readers.add(reader);
    reader.take(Buffer.from(hello + missed));
    return () => this.#leave(reader);
  }

  /** Sends what waits and ends all streams. */
  close(): void {
    if (this.#timer !== null) this.#sendBatch();
    this.#isWanted = false;
    this.#isClosed = true;
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
    this.#idleTimer?.cancel();
  }

  #leave(reader: EventReader): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0 || this.#isClosed) return;
    this.#idleTimer = this.#options.clock.timer(idleMs, () => this.#forget());
  }

  /** What happens from now on has no numbers, so no earlier id can be gone on from. */
  #forget(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#pending.clear();
    this.#kept.length = 0;
    this.#count += 1;
    this.#keptSince = this.#count;
    this.#isWanted = false;
    this.#options.onIdle();
  }

  #waitMs(): number {
    const sinceMs = this.#options.clock.now() - this.#lastBatchAt;
    return sinceMs >= 0 && sinceMs < batchMs ? batchMs - sinceMs : 0;
  }

  #giveUpPending(): void {
    this.#pending.clear();
    this.#pending.set("resync", { type: "resync", read: () => ({}) });
  }

  #sendBatch(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#lastBatchAt = this.#options.clock.now();
    const first = this.#count;
    for (const event of this.#pending.values()) {
      this.#count += 1;
      this.#kept[this.#count % keptEvents] = { ...event, id: this.#idOf(this.#count), text: null };
    }
    this.#pending.clear();
    if (this.#readers.size === 0) return;
    const batch = Buffer.from(this.#textAfter(first));
    for (const reader of this.#readers) reader.take(batch);
  }

  #textAfter(number: number): string {
    let text = "";
    for (let next = number + 1; next <= this.#count; next += 1) {
      const event = this.#kept[next % keptEvents];
      if (event === undefined) continue;
      event.text ??= format({ type: event.type, ...event.read() }, event.id);
      text += event.text;
    }
    return text;
  }

  #hello(number: number): string {
    const { clock, version } = this.#options;
    const lastEventId = this.#idOf(this.#count);
    return format({ type: "hello", version, nowMs: clock.now(), lastEventId }, this.#idOf(number));
  }

  #idOf(number: number): string {
    return `${this.#options.startId}-${number}`;
  }

  /** Null when not everything after that event is kept any more, or it is not ours. */
  #numberOf(id: string): number | null {
    const { startId } = this.#options;
    if (!id.startsWith(`${startId}-`)) return null;
    const text = id.slice(startId.length + 1);
    if (!/^\d{1,15}$/.test(text)) return null;
    const number = Number(text);
    return number <= this.#count && number >= Math.max(this.#keptSince, this.#count - keptEvents) ? number : null;
  }
}

/** JSON has no line breaks of its own, so an event's text is one line. */
function format(event: Readonly<Record<string, unknown>> & { readonly type: EventType }, id?: string): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
