// Stage 6 for clients that asked for no stream: gathers the stream into the one object they expect.

import type { Failure } from "../contract/failure.ts";
import { type SseSink, SseScanner } from "../kit/sse-scan.ts";
import { freshFacts } from "../pool/account.ts";
import { judge } from "../pool/classify.ts";
import { observeEvent } from "../upstream/observe.ts";
import { eventName, eventPayload } from "../wire/responses/events.ts";
import { ITEM_DONE, OutputItems } from "../wire/responses/output.ts";
import { answerHeaders } from "./answer-headers.ts";
import type { Committed } from "./attempt.ts";
import type { ExchangeSink } from "./exchange.ts";
import { clientLeft, gatewayFailure } from "./failures.ts";
import type { RelayParts } from "./relay.ts";

/** Writes the folded answer; or answers with the failure to tell, nothing having been written yet. */
export function fold(committed: Committed, parts: RelayParts): Promise<Failure | null> {
  return new Promise((resolve) => {
    const { call, exchange } = committed;
    call.whenGone(() => {
      exchange.abort();
      resolve(clientLeft);
    });
    exchange.attach(new Fold(committed, parts, resolve));
  });
}

class Fold implements ExchangeSink, SseSink {
  readonly #committed: Committed;
  readonly #parts: RelayParts;
  readonly #done: (failure: Failure | null) => void;
  readonly #scanner = new SseScanner(this);
  readonly #items = new OutputItems();

  constructor(committed: Committed, parts: RelayParts, done: (failure: Failure | null) => void) {
    this.#committed = committed;
    this.#parts = parts;
    this.#done = done;
  }

  chunk(chunk: Buffer): void {
    this.#scanner.push(chunk);
  }

  wants(): boolean {
    return true;
  }

  event(bytes: Buffer, start: number, end: number): void {
    if (eventName(bytes, start, end) === ITEM_DONE) this.#items.add(eventPayload(bytes, start, end));
  }

  broke(): void {
    this.end();
  }

  end(): void {
    const { terminal } = this.#committed.exchange.tap;
    if (terminal === null) {
      this.#done(gatewayFailure("upstream_stream_truncated", "The upstream broke off in the middle of its answer."));
      return;
    }
    const now = this.#parts.now();
    if (terminal.kind === "failed") {
      this.#done({
        ...judge({ seen: observeEvent(terminal.payload, now), facts: freshFacts, now }),
        answer: undefined,
      });
      return;
    }
    this.#answer(this.#items.fill(terminal.payload) ?? terminal.payload, now);
    this.#done(null);
  }

  #answer(body: Buffer, now: number): void {
    const { call, exchange, ask } = this.#committed;
    const context = { model: ask.model, traceId: call.traceId, modelsEtag: null, isEventStream: true };
    const headers = answerHeaders(exchange.headers, context);
    delete headers["cache-control"];
    call.record.firstByteAt = now;
    call.response.writeHead(200, { ...headers, "content-type": "application/json", "content-length": body.length });
    call.response.end(body);
  }
}
