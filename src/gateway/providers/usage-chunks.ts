// Takes the chunk that tells a Chat Completions stream's usage out of it, for clients that have not asked for one.

import { asList, asObject, parseJson } from "../../kit/json-value.ts";
import { type SseSink, SseScanner } from "../../kit/sse-scan.ts";
import { eventText } from "../../wire/responses/events.ts";
import type { StreamFilter } from "../../wire/stream-filter.ts";

export class WithoutUsageChunk implements StreamFilter, SseSink {
  readonly #scanner = new SseScanner(this);
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
    // The scanner's bytes are only lent.
    if (!isUsageChunk(eventText(bytes, start, end))) this.#out.push(Buffer.from(bytes.subarray(start, end)));
  }

  #take(): Buffer {
    const whole = Buffer.concat(this.#out);
    this.#out = [];
    return whole;
  }
}

function isUsageChunk(text: string): boolean {
  if (!text.includes('"usage"')) return false;
  const chunk = asObject(parseJson(text));
  return chunk !== null && asObject(chunk["usage"]) !== null && asList(chunk["choices"]).length === 0;
}
