// A stream of the internal form, read event by event and written in a client's own format.

import type { Failure } from "../contract/failure.ts";
import { asObject, parseJson } from "../kit/json-value.ts";
import { type SseSink, SseScanner } from "../kit/sse-scan.ts";
import { failureOfEvent } from "./event-failure.ts";
import type { InternalEvent } from "./internal.ts";
import { eventText } from "./responses/events.ts";
import type { StreamFilter } from "./stream-filter.ts";
import type { EventWriter } from "./translation.ts";

const TERMINALS: ReadonlySet<string> = new Set(["response.completed", "response.done", "response.incomplete"]);

export class TranslatedStream implements StreamFilter, SseSink {
  readonly #scanner = new SseScanner(this);
  readonly #writer: EventWriter;
  readonly #failureEvent: (failure: Failure) => Buffer;
  #out = "";
  #isOver = false;

  constructor(writer: EventWriter, failureEvent: (failure: Failure) => Buffer) {
    this.#writer = writer;
    this.#failureEvent = failureEvent;
  }

  push(chunk: Buffer): Buffer {
    this.#scanner.push(chunk);
    return this.#take();
  }

  end(): Buffer {
    this.#scanner.end();
    return this.#take();
  }

  wants(): boolean {
    return !this.#isOver;
  }

  event(bytes: Buffer, start: number, end: number): void {
    // Only the first end counts; whatever an upstream says after it is not said to the client.
    if (this.#isOver) return;
    const event = eventOf(eventText(bytes, start, end));
    if (event === null) return;
    const failure = failureOfEvent(event);
    this.#isOver = failure !== null || TERMINALS.has(event.type);
    this.#out += failure === null ? this.#writer.write(event) : this.#failureEvent(failure).toString("utf8");
  }

  #take(): Buffer {
    const text = this.#out;
    this.#out = "";
    return Buffer.from(text);
  }
}

function eventOf(payload: string): InternalEvent | null {
  const event = payload === "" ? null : asObject(parseJson(payload));
  return typeof event?.["type"] === "string" ? (event as InternalEvent) : null;
}
