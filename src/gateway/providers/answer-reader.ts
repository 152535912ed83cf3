// Reads the answer of an upstream of another format as bytes of the internal form, which is what the gateway judges, counts and
// hands on.

import { asObject, parseJson } from "../../kit/json-value.ts";
import { type SseSink, SseScanner } from "../../kit/sse-scan.ts";
import type { InternalEvent } from "../../wire/internal.ts";
import { eventText } from "../../wire/responses/events.ts";
import type {
  EventReader,
  UpstreamAnswerTerms,
  UpstreamComplaint,
  UpstreamFormat,
} from "../../wire/upstream-format.ts";
import { eventsOfAnswer } from "../../wire/whole-answer.ts";

export interface AnswerReaderTerms extends UpstreamAnswerTerms {
  /**
   * The client speaks the upstream's own format and has asked for a stream, or for none: it gets the bytes as they are, and what is
   * read is only listened to. Null where it speaks another.
   */
  readonly passedOn: "stream" | "whole" | null;
  /** Whether what is passed on tells a usage that the client has not asked for. */
  readonly hidesUsage?: boolean;
}

export class AnswerReader implements SseSink {
  readonly #passedOn: AnswerReaderTerms["passedOn"];
  #isPassedOn: boolean;
  readonly hidesUsage: boolean;
  readonly #format: UpstreamFormat;
  readonly #terms: UpstreamAnswerTerms;
  readonly #reader: EventReader;
  readonly #scanner = new SseScanner(this);
  #out = "";

  constructor(format: UpstreamFormat, { passedOn, hidesUsage = false, ...terms }: AnswerReaderTerms) {
    this.#passedOn = passedOn;
    this.#isPassedOn = passedOn !== null;
    this.hidesUsage = hidesUsage;
    this.#format = format;
    this.#terms = terms;
    this.#reader = format.reader(terms);
  }

  /** Whether the client gets the upstream's own bytes. */
  get isPassedOn(): boolean {
    return this.#isPassedOn;
  }

  /** The answer begins, as a stream or whole: what is not as it was asked for is read, and told as it was. */
  begins(isEventStream: boolean): void {
    if (this.#passedOn !== (isEventStream ? "stream" : "whole")) this.#isPassedOn = false;
  }

  /** Whether the upstream's bytes so far end between two events. */
  get isAtBoundary(): boolean {
    return this.#scanner.isAtBoundary;
  }

  push(chunk: Buffer): Buffer {
    this.#scanner.push(chunk);
    return this.#take();
  }

  /** The stream is over: what only now is certain. */
  end(): Buffer {
    this.#scanner.end();
    this.#write(this.#reader.end());
    return this.#take();
  }

  /** An answer that came as one object, as the stream it could have been; null when it is none. */
  streamOf(body: Buffer): Buffer | null {
    const object = asObject(parseJson(body));
    if (object === null) return null;
    this.#write(eventsOfAnswer(this.#format.answer(object, this.#terms)));
    return this.#take();
  }

  /** The same as the internal form's own object. */
  objectOf(body: Buffer): Buffer | null {
    const object = asObject(parseJson(body));
    return object === null ? null : Buffer.from(JSON.stringify(this.#format.answer(object, this.#terms)));
  }

  complaint(body: unknown): UpstreamComplaint {
    return this.#format.complaint(body);
  }

  wants(): boolean {
    return true;
  }

  event(bytes: Buffer, start: number, end: number): void {
    const text = eventText(bytes, start, end);
    if (text !== "") this.#write(this.#reader.read(null, text));
  }

  #write(events: readonly InternalEvent[]): void {
    for (const event of events) this.#out += `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  }

  #take(): Buffer {
    const text = this.#out;
    this.#out = "";
    return Buffer.from(text);
  }
}
