// The stream as clients other than Codex expect it: without the backend's own events, and with the finished items in the
// last event, where SDKs look for them.

import { editMembers } from "../../kit/json-edit.ts";
import { type SseSink, SseScanner } from "../../kit/sse-scan.ts";
import type { StreamFilter } from "../stream-filter.ts";
import { eventName, eventPayload } from "./events.ts";
import { ITEM_DONE, OutputItems } from "./reply.ts";

/** The ends that hold the answer, and those that tell a failure. */
const ANSWERED: ReadonlySet<string> = new Set(["response.completed", "response.done", "response.incomplete"]);
const FAILED: ReadonlySet<string> = new Set(["response.failed", "error"]);

export class ForeignStream implements StreamFilter, SseSink {
  readonly #scanner = new SseScanner(this);
  readonly #items = new OutputItems();
  readonly #onAnswer: (answer: Buffer) => void;
  #out: Buffer[] = [];
  #isOver = false;

  /** `onAnswer` hears the finished response object. */
  constructor(onAnswer: (answer: Buffer) => void = () => {}) {
    this.#onAnswer = onAnswer;
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
    const name = eventName(bytes, start, end) ?? "";
    if (name.startsWith("codex.") || name === "keepalive") return;
    if (name === ITEM_DONE) this.#items.add(eventPayload(bytes, start, end));
    const isAnswered = ANSWERED.has(name);
    this.#isOver = isAnswered || FAILED.has(name);
    this.#out.push(isAnswered ? this.#filled(name, eventPayload(bytes, start, end)) : bytes.subarray(start, end));
  }

  #filled(name: string, payload: Buffer): Buffer {
    const response = this.#items.fill(payload);
    if (response !== null) this.#onAnswer(response);
    const filled = response === null ? payload : editMembers(payload, { response: response.toString("utf8") });
    return Buffer.concat([Buffer.from(`event: ${name}\ndata: `), filled, Buffer.from("\n\n")]);
  }

  #take(): Buffer {
    const bytes = this.#out.length === 1 ? (this.#out[0] as Buffer) : Buffer.concat(this.#out);
    this.#out = [];
    return bytes;
  }
}
