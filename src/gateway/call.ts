// One call of a client: the connection, and the record of what happened to it that is settled at the end.

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { Skip } from "../pool/eligibility.ts";
import type { TokenUsage } from "../wire/protocol.ts";
import type { AttemptRow } from "../contract/request-row.ts";

/** What the stages use of a request: that of an HTTP server, or what stands for it when a frame is a request. */
export interface CallRequest {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Alternating names and values as they arrived. */
  readonly rawHeaders: readonly string[];
  /** Whether the whole body has arrived. */
  readonly complete: boolean;
  on(event: "data", listener: (chunk: Buffer) => void): unknown;
  on(event: "end" | "close" | "error", listener: () => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

/** What the stages use of a response. */
export interface CallResponse {
  readonly statusCode: number;
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  readonly writableFinished: boolean;
  readonly writableNeedDrain: boolean;
  /** Whether half an event never reaches the client, which can then be told of a failure at any time. */
  readonly dropsHalfEvents?: boolean;
  readonly socket: { destroySoon(): void } | null;
  on(event: "close" | "drain", listener: () => void): unknown;
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
  /** False when the client reads too slowly; `drain` says when to go on. */
  write(bytes: Buffer): boolean;
  end(bytes?: Buffer): unknown;
  destroy(): unknown;
}

let sequence = 0;

/** `trc_<epoch ms>_<hex sequence>`, as the original writes it. */
function nextTraceId(now: number): string {
  sequence = (sequence + 1) % 0x1_0000_0000;
  return `trc_${now}_${sequence.toString(16)}`;
}

export class Call {
  readonly traceId: string;
  readonly request: CallRequest;
  readonly response: CallResponse;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly record: CallRecord = emptyRecord();
  /** Kept by the crowd of running calls. */
  place = -1;
  /** Own time, ms: finer than the clock, and never set back. */
  #arrivedAt = performance.now();
  #heldUpMs = 0;
  #addedMs: number | null = null;
  #onGone: (() => void) | null = null;
  #isGone = false;
  #isOverdue = false;

  constructor(request: CallRequest, response: CallResponse, now: number) {
    this.request = request;
    this.response = response;
    this.startedAt = now;
    this.traceId = nextTraceId(now);
    response.on("close", () => {
      if (!response.writableFinished) this.#leave();
    });
  }

  /** What the gateway itself took until it first asked an upstream, ms; null when it asked none. */
  get addedMs(): number | null {
    return this.#addedMs;
  }

  /** The request is here in full: how long the client took to send it is its own matter. */
  arrived(): void {
    this.#arrivedAt = performance.now();
  }

  /** So long the request waited on purpose. */
  heldUp(ms: number): void {
    this.#heldUpMs += ms;
  }

  /** An upstream is asked; the first time counts. */
  asked(): void {
    this.#addedMs ??= Math.max(0, performance.now() - this.#arrivedAt - this.#heldUpMs);
  }

  /** Nobody waits any more: the client closed the connection, or the call is overdue. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** The call took longer than calls may. */
  get isOverdue(): boolean {
    return this.#isOverdue;
  }

  /** Ends the call from our side, as if the client had left. */
  expire(): void {
    this.#isOverdue = true;
    this.#leave();
  }

  /** What to do when nobody waits any more; one thing at a time, null for nothing. */
  whenGone(act: (() => void) | null): void {
    this.#onGone = act;
    if (this.#isGone) act?.();
  }

  #leave(): void {
    this.#isGone = true;
    this.#onGone?.();
  }
}

/** Filled in by the stages, read once by the last of them. */
export interface CallRecord {
  path: string;
  protocol: string;
  keyId: string | null;
  conversation: string | null;
  /** Where its name stood, if the client gave it one. */
  conversationSource: "header" | "body" | null;
  /** Of the body as it arrived, decompressed. */
  bodyBytes: number;
  clientModel: string | null;
  model: string | null;
  upstreamModel: string | null;
  clientReasoningEffort: string | null;
  reasoningEffort: string | null;
  serviceTier: string | null;
  isStream: boolean;
  upstreamUrl: string | null;
  routeReason: string | null;
  candidates: string[];
  attempts: AttemptRow[];
  skipped: readonly Skip[];
  skippedCount: number;
  lost: string[];
  usage: TokenUsage | null;
  /** Gives back the place taken on a platform key that has a limit. */
  leaveKey: (() => void) | null;
  /** Epoch ms of the first byte written to the client. */
  firstByteAt: number | null;
}

function emptyRecord(): CallRecord {
  return {
    path: "",
    protocol: "",
    keyId: null,
    conversation: null,
    conversationSource: null,
    bodyBytes: 0,
    clientModel: null,
    model: null,
    upstreamModel: null,
    clientReasoningEffort: null,
    reasoningEffort: null,
    serviceTier: null,
    isStream: false,
    upstreamUrl: null,
    routeReason: null,
    candidates: [],
    attempts: [],
    skipped: [],
    skippedCount: 0,
    lost: [],
    usage: null,
    leaveKey: null,
    firstByteAt: null,
  };
}
