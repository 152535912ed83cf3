// The stream for Codex when another model serves it than the one it asked for, by a key or a name of the user's own: without
// the headers inside events that name the model, for Codex would warn of a model it did not choose. Everything else is passed on
// byte for byte.
// Facts: openai/codex reads `openai-model` and `x-openai-model`, in any case, from `response.headers` and `headers` of an event.

import { asObject, type JsonObject, parseJson } from "../../kit/json-value.ts";
import { type SseSink, SseScanner } from "../../kit/sse-scan.ts";
import type { StreamFilter } from "../stream-filter.ts";
import { eventName, eventPayload } from "./events.ts";

const NAMES = /^(?:x-)?openai-model$/i;
const MENTION = /openai-model/i;

export class WithoutModelHeaders implements StreamFilter, SseSink {
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
    const isMentioned = MENTION.test(bytes.toString("latin1", start, end));
    this.#out.push((isMentioned ? rewritten(bytes, start, end) : null) ?? bytes.subarray(start, end));
  }

  #take(): Buffer {
    const bytes = this.#out.length === 1 ? (this.#out[0] as Buffer) : Buffer.concat(this.#out);
    this.#out = [];
    return bytes;
  }
}

/** Null when the event has no such header. */
function rewritten(bytes: Buffer, start: number, end: number): Buffer | null {
  const event = asObject(parseJson(eventPayload(bytes, start, end)));
  const response = asObject(event?.["response"]);
  if (!namesModel(event) && !namesModel(response)) return null;
  const data = JSON.stringify({
    ...event,
    ...keptHeaders(event),
    ...(response === null ? {} : { response: { ...response, ...keptHeaders(response) } }),
  });
  return Buffer.from(`event: ${eventName(bytes, start, end) ?? ""}\ndata: ${data}\n\n`);
}

function namesModel(holder: JsonObject | null): boolean {
  return Object.keys(asObject(holder?.["headers"]) ?? {}).some((name) => NAMES.test(name));
}

function keptHeaders(holder: JsonObject | null): JsonObject {
  const headers = asObject(holder?.["headers"]);
  if (headers === null) return {};
  return { headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !NAMES.test(name))) };
}
