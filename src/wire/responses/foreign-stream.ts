// The stream as clients other than Codex expect it: without the backend's own events, and with the finished items in the
// last event, where SDKs look for them.

import { type SseSink, SseScanner } from "../../kit/sse-scan.ts";
import { eventKind, eventPayload } from "./events.ts";
import { OutputItems } from "./output.ts";

export interface StreamFilter {
  /** What the client is sent for this chunk; may be empty. */
  push(chunk: Buffer): Buffer;
  /** What is left when the stream is over. */
  end(): Buffer;
}

const VENDOR_EVENT = /^(event:|data:\s*\{"type":\s*")\s*(codex\.|keepalive)/;
const ITEM_DONE = /^(event:\s*response\.output_item\.done|data:\s*\{"type":\s*"response\.output_item\.done")/;
const HEAD_BYTES = 64;

export class ForeignStream implements StreamFilter, SseSink {
  readonly #scanner = new SseScanner(this);
  readonly #items = new OutputItems();
  #out: Buffer[] = [];

  push(chunk: Buffer): Buffer {
    this.#scanner.push(chunk);
    return this.#take();
  }

  end(): Buffer {
    this.#scanner.end();
    return this.#take();
  }

  wants(): boolean {
    return true;
  }

  event(bytes: Buffer, start: number, end: number): void {
    const head = bytes.toString("latin1", start, Math.min(end, start + HEAD_BYTES));
    if (VENDOR_EVENT.test(head)) return;
    if (ITEM_DONE.test(head)) this.#items.add(eventPayload(bytes, start, end));
    const kind = eventKind(bytes, start, end);
    const isLast = kind === "completed" || kind === "incomplete";
    this.#out.push(isLast ? this.#filled(bytes, start, end) : bytes.subarray(start, end));
  }

  #filled(bytes: Buffer, start: number, end: number): Buffer {
    const payload = eventPayload(bytes, start, end);
    const response = this.#items.fill(payload);
    if (response === null) return bytes.subarray(start, end);
    const type = eventKind(bytes, start, end) === "incomplete" ? "response.incomplete" : "response.completed";
    const sequence = /"sequence_number":\s*(\d+)/.exec(payload.toString("latin1"))?.[1];
    const number = sequence === undefined ? "" : `"sequence_number":${sequence},`;
    return Buffer.concat([
      Buffer.from(`event: ${type}\ndata: {"type":"${type}",${number}"response":`),
      response,
      Buffer.from("}\n\n"),
    ]);
  }

  #take(): Buffer {
    const bytes = this.#out.length === 1 ? (this.#out[0] as Buffer) : Buffer.concat(this.#out);
    this.#out = [];
    return bytes;
  }
}
