// A response whose events go out as frames: the data of each event is one frame, in the order of the stream.

import { isUtf8 } from "node:buffer";
import { EventEmitter } from "node:events";
import type { OutgoingHttpHeaders } from "node:http";
import { findMember, scanMembers, stringOf } from "../../kit/json-scan.ts";
import { type SseSink, SseScanner } from "../../kit/sse-scan.ts";
import { eventName, eventPayload } from "../../wire/responses/events.ts";
import { ITEM_DONE, OutputItems } from "../../wire/responses/reply.ts";
import type { CallResponse } from "../call.ts";
import { limitsFrames } from "./limits-frames.ts";
import { errorFrame, failedFrame, turnStateFrame } from "./server-frames.ts";

/** The connection, as one answer sees it. */
export interface FrameSink {
  send(frame: Buffer): void;
  /** More is waiting to be read by the client than should be. */
  readonly isCongested: boolean;
  ping(): void;
  /** Ends the whole connection. */
  breakOff(): void;
}

export interface FrameResponseTerms {
  readonly sink: FrameSink;
  /** Codex is told in frames what stands in headers over HTTP. */
  readonly isCodex: boolean;
  /** Told of the headers that a stream begins with. */
  onHeaders(headers: OutgoingHttpHeaders): void;
  /** Told of a finished answer, before the client is: the id, and the output items as a JSON list. */
  onAnswer(responseId: string, output: Buffer): void;
  /** Epoch ms. */
  readonly now: () => number;
}

const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const ENDINGS: ReadonlySet<string> = new Set(["response.completed", "response.done", "response.incomplete"]);

export class FrameResponse extends EventEmitter implements CallResponse, SseSink {
  readonly #terms: FrameResponseTerms;
  readonly #items = new OutputItems();
  #scanner = new SseScanner(this);
  #headers: OutgoingHttpHeaders = {};
  /** What is no stream is gathered: it becomes one frame. */
  #body: Buffer[] = [];
  #isStream = false;
  readonly dropsHalfEvents = true;
  statusCode = 200;
  headersSent = false;
  destroyed = false;
  writableFinished = false;
  readonly socket = { destroySoon: (): void => this.destroy() };

  constructor(terms: FrameResponseTerms) {
    super();
    this.#terms = terms;
  }

  get writableNeedDrain(): boolean {
    return this.#terms.sink.isCongested;
  }

  writeHead(status: number, headers: OutgoingHttpHeaders): void {
    this.statusCode = status;
    this.#headers = headers;
    this.headersSent = true;
    this.#isStream = status < 300 && String(headers["content-type"]).includes("event-stream");
    if (!this.#isStream) return;
    this.#terms.onHeaders(headers);
    if (this.#terms.isCodex) this.#tellHeaders();
  }

  write(bytes: Buffer): boolean {
    if (this.#isOver) return false;
    if (this.#isStream) this.#scanner.push(bytes);
    else this.#body.push(bytes);
    return !this.writableNeedDrain;
  }

  /** Whole events that end a stream stand for themselves: what was left half before them is dropped. */
  end(bytes?: Buffer): void {
    if (this.#isOver) return;
    if (this.#isStream && bytes !== undefined) this.#scanner = new SseScanner(this);
    if (bytes !== undefined) this.write(bytes);
    if (this.#isStream) this.#scanner.end();
    else this.#sendRefusal();
    this.writableFinished = true;
    this.#close();
  }

  /** Breaks the answer off, and with it the connection: there is no other way to be honest about it. */
  destroy(): void {
    if (this.#isOver) return;
    this.abandon();
    this.#terms.sink.breakOff();
  }

  /** The connection is gone. */
  abandon(): void {
    if (this.#isOver) return;
    this.destroyed = true;
    this.emit("close");
  }

  // --- what the scanner calls ---

  wants(): boolean {
    return true;
  }

  event(bytes: Buffer, start: number, end: number): void {
    const payload = eventPayload(bytes, start, end);
    if (payload[0] !== OPEN_BRACE) {
      // A comment is a sign of life, for which a WebSocket has frames of its own.
      if (bytes[start] === COLON) this.#terms.sink.ping();
      return;
    }
    const name = eventName(bytes, start, end) ?? "";
    if (name === ITEM_DONE) this.#items.add(payload);
    else if (ENDINGS.has(name)) this.#tellAnswer(payload);
    this.#terms.sink.send(name === "error" ? failedFrame(payload) : wellFormed(payload));
  }

  // --- inside ---

  get #isOver(): boolean {
    return this.destroyed || this.writableFinished;
  }

  #tellHeaders(): void {
    const { sink, now } = this.#terms;
    const turnState = this.#headers["x-codex-turn-state"];
    if (typeof turnState === "string") sink.send(turnStateFrame(turnState));
    for (const frame of limitsFrames(this.#headers, now())) sink.send(frame);
  }

  #tellAnswer(payload: Buffer): void {
    const response = this.#items.fill(payload);
    if (response === null) return;
    const members = scanMembers(response);
    const id = stringOf(response, findMember(members, "id"));
    const output = findMember(members, "output");
    if (id === undefined || output === undefined) return;
    this.#terms.onAnswer(id, response.subarray(output.start, output.end));
  }

  #sendRefusal(): void {
    const told = Object.entries(this.#headers).map(([name, value]) => [name, String(value)]);
    const headers = Object.fromEntries(told) as Record<string, string>;
    // An answer that is no stream cannot be told in frames.
    const status = this.statusCode < 400 ? 502 : this.statusCode;
    this.#terms.sink.send(errorFrame({ status, headers, body: Buffer.concat(this.#body) }));
    this.#body = [];
  }

  /** Later than the end itself, as a connection tells it. */
  #close(): void {
    setImmediate(() => this.emit("close"));
  }
}

/** A text frame that is no UTF-8 would make the client end the connection. */
function wellFormed(payload: Buffer): Buffer {
  return isUtf8(payload) ? payload : Buffer.from(payload.toString("utf8"));
}
