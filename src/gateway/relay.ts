// Stage 6: hands the answer on to the client, with back-pressure both ways. Nothing is retried from here on; an answer
// that breaks off is never made to look complete.

import type { Failure } from "../contract/failure.ts";
import type { StreamWatch, Watched } from "./stream-watch.ts";
import type { Committed } from "./attempt.ts";
import type { CallResponse } from "./call.ts";
import type { ExchangeSink } from "./exchange.ts";
import { clientLeft, overdue, silent, truncated } from "./failures.ts";
import { answerHeaders } from "./answer-headers.ts";
import type { StreamFilter } from "../wire/stream-filter.ts";

export interface RelayParts {
  readonly watch: StreamWatch;
  readonly now: () => number;
  /** The etag of the model catalogue that clients of this version were given; null when they were given none. */
  etagFor(clientVersion: string): string | null;
}

/** How the answer ended: null when it was handed on whole, else what went wrong on the way. */
export function relay(committed: Committed, parts: RelayParts, filter: StreamFilter | null): Promise<Failure | null> {
  return new Promise((resolve) => new Relay(committed, parts, filter, resolve).start());
}

class Relay implements ExchangeSink, Watched {
  readonly #committed: Committed;
  readonly #parts: RelayParts;
  readonly #filter: StreamFilter | null;
  readonly #done: (failure: Failure | null) => void;
  #isDone = false;
  place = -1;
  /** Epoch ms of the last byte from the upstream and to the client. */
  heardAt: number;
  spokenAt: number;

  constructor(
    committed: Committed,
    parts: RelayParts,
    filter: StreamFilter | null,
    done: (failure: Failure | null) => void,
  ) {
    this.#committed = committed;
    this.#parts = parts;
    this.#filter = filter;
    this.#done = done;
    this.heardAt = this.spokenAt = parts.now();
  }

  start(): void {
    const { call, exchange, fields } = this.#committed;
    const { response } = call;
    call.whenGone(() => this.#clientGone());
    if (this.#isDone) return;
    const { isEventStream } = exchange;
    const modelsEtag = this.#parts.etagFor(clientVersion(call.request.headers["user-agent"]));
    const context = { model: fields.model, traceId: call.traceId, modelsEtag, isEventStream };
    response.writeHead(exchange.status, answerHeaders(exchange.headers, context));
    response.on("drain", () => exchange.resume());
    this.#parts.watch.add(this);
    exchange.attach(this);
  }

  chunk(chunk: Buffer): void {
    this.heardAt = this.spokenAt = this.#parts.now();
    const outgoing = this.#filter === null ? chunk : this.#filter.push(chunk);
    if (outgoing.length === 0) return;
    this.#committed.call.record.firstByteAt ??= this.heardAt;
    this.#write(outgoing);
  }

  end(): void {
    const { tap, isEventStream } = this.#committed.exchange;
    if (isEventStream && tap.terminal === null) this.#breakOff(truncated);
    else this.#complete();
  }

  broke(): void {
    if (this.isAnswered) this.#complete();
    else this.#breakOff(truncated);
  }

  // --- what the watch asks for ---

  beat(): void {
    const { exchange, route, isNative, call } = this.#committed;
    const heartbeat = route.protocol.heartbeat(isNative);
    if (heartbeat === null || !exchange.isEventStream || !this.#isAtBoundary) return;
    if (call.response.writableNeedDrain) return;
    this.spokenAt = this.#parts.now();
    this.#write(heartbeat);
  }

  get isAnswered(): boolean {
    return this.#committed.exchange.tap.terminal !== null;
  }

  rewind(now: number): void {
    this.heardAt = this.spokenAt = now;
  }

  complete(): void {
    this.#committed.exchange.abort();
    this.#complete();
  }

  stalled(): void {
    this.#committed.exchange.abort();
    this.#breakOff(silent);
  }

  // --- inside ---

  /** Whether the client has only whole events; a filter hands on no other. */
  get #isAtBoundary(): boolean {
    return this.#filter !== null || this.#committed.exchange.isAtBoundary;
  }

  #write(bytes: Buffer): void {
    if (!this.#committed.call.response.write(bytes)) this.#committed.exchange.pause();
  }

  #complete(): void {
    const rest = this.#filter?.end();
    if (rest !== undefined && rest.length > 0) this.#write(rest);
    this.#committed.call.response.end();
    this.#finish(null);
  }

  /** Between two events the client can still be told; inside one only a broken connection is honest. */
  #breakOff(failure: Failure): void {
    const { exchange, call, route } = this.#committed;
    const canTell = this.#isAtBoundary || call.response.dropsHalfEvents === true;
    if (exchange.isEventStream && canTell) call.response.end(route.protocol.failureEvent(failure));
    else breakConnection(call.response);
    this.#finish(failure);
  }

  #clientGone(): void {
    const { exchange, call } = this.#committed;
    exchange.abort();
    if (!call.isOverdue) this.#finish(this.isAnswered ? null : clientLeft);
    else if (this.isAnswered) this.#complete();
    else this.#breakOff(overdue);
  }

  #finish(failure: Failure | null): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#committed.call.whenGone(null);
    this.#parts.watch.remove(this);
    this.#done(failure);
  }
}

/** Codex names its release in the user agent: `codex_exec/0.169.0 (…)`. */
export function clientVersion(userAgent = ""): string {
  return /^[^/]+\/(\d+\.\d+\.\d+)/.exec(userAgent)?.[1] ?? "";
}

/** Without the end that the client waits for; what was written in this tick is sent first. */
function breakConnection(response: CallResponse): void {
  if (response.writableNeedDrain) response.destroy();
  else process.nextTick(() => response.socket?.destroySoon());
}
