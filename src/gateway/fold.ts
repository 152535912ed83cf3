// Stage 6 for clients that asked for no stream: gathers the stream into the one object they expect.

import type { Failure } from "../contract/failure.ts";
import { asList, asObject, parseJson } from "../kit/json-value.ts";
import { type SseSink, SseScanner } from "../kit/sse-scan.ts";
import { freshFacts } from "../pool/account.ts";
import { judge } from "../pool/classify.ts";
import { observeEvent } from "../upstream/observe.ts";
import { eventName, eventPayload } from "../wire/responses/events.ts";
import { failureOfEvent } from "../wire/event-failure.ts";
import type { InternalAnswer, InternalEvent, Item } from "../wire/internal.ts";
import { ITEM_DONE, OutputItems } from "../wire/responses/reply.ts";
import { answerHeaders } from "./answer-headers.ts";
import type { Committed } from "./attempt.ts";
import type { ExchangeSink } from "./exchange.ts";
import { clientLeft, silent, truncated } from "./failures.ts";
import type { RelayParts } from "./relay.ts";
import type { Watched } from "./stream-watch.ts";

/** Writes the folded answer; or answers with the failure to tell, nothing having been written yet. */
export function fold(
  committed: Committed,
  parts: RelayParts,
  onAnswer: (answer: Buffer) => void,
): Promise<Failure | null> {
  return new Promise((resolve) => new Fold(committed, { ...parts, onAnswer }, resolve).start());
}

interface FoldParts extends RelayParts {
  /** Hears the finished answer in the internal form. */
  onAnswer(answer: Buffer): void;
}

class Fold implements ExchangeSink, SseSink, Watched {
  readonly #committed: Committed;
  readonly #parts: FoldParts;
  readonly #done: (failure: Failure | null) => void;
  readonly #scanner = new SseScanner(this);
  readonly #items = new OutputItems();
  place = -1;
  /** Epoch ms of the last byte from the upstream; the client is told nothing before the end. */
  heardAt: number;

  constructor(committed: Committed, parts: FoldParts, done: (failure: Failure | null) => void) {
    this.#committed = committed;
    this.#parts = parts;
    this.#done = done;
    this.heardAt = parts.now();
  }

  start(): void {
    const { call, exchange } = this.#committed;
    call.whenGone(() => this.#giveUp(clientLeft));
    this.#parts.watch.add(this);
    exchange.attach(this);
  }

  chunk(chunk: Buffer): void {
    this.heardAt = this.#parts.now();
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
    if (terminal === null) return this.#finish(truncated);
    const now = this.#parts.now();
    if (terminal.kind === "failed") {
      return this.#finish(judge({ seen: observeEvent(terminal.payload, now), facts: freshFacts, now }));
    }
    const hidden = this.#committed.translation === null ? null : failureIn(terminal.payload);
    if (hidden !== null) return this.#finish(hidden);
    const answer = this.#items.fill(terminal.payload) ?? terminal.payload;
    this.#parts.onAnswer(answer);
    this.#answer(this.#inClientsForm(answer), now);
    this.#finish(null);
  }

  // --- what the watch asks for ---

  get spokenAt(): number {
    return this.heardAt;
  }

  get isAnswered(): boolean {
    return this.#committed.exchange.tap.terminal !== null;
  }

  /** A client that waits for one object takes no signs of life. */
  beat(): void {}

  rewind(now: number): void {
    this.heardAt = now;
  }

  complete(): void {
    this.#committed.exchange.abort();
    this.end();
  }

  stalled(): void {
    this.#giveUp(silent);
  }

  // --- inside ---

  #giveUp(failure: Failure): void {
    this.#committed.exchange.abort();
    this.#finish(failure);
  }

  #finish(failure: Failure | null): void {
    this.#committed.call.whenGone(null);
    this.#parts.watch.remove(this);
    this.#done(failure);
  }

  #inClientsForm(answer: Buffer): Buffer {
    const { translation, answerTerms } = this.#committed;
    if (translation === null) return answer;
    const reply = translation.reply(asAnswer(parseJson(answer)), answerTerms);
    return Buffer.from(JSON.stringify(reply));
  }

  #answer(body: Buffer, now: number): void {
    const { call, exchange, fields } = this.#committed;
    const context = { model: fields.model, traceId: call.traceId, modelsEtag: null, isEventStream: true };
    const headers = answerHeaders(exchange.headers, context);
    delete headers["cache-control"];
    call.record.firstByteAt = now;
    call.response.writeHead(200, { ...headers, "content-type": "application/json", "content-length": body.length });
    call.response.end(body);
  }
}

/** What ended is not always told as a failure; other formats have no words for it but an error. */
function failureIn(payload: Buffer): Failure | null {
  const event = asObject(parseJson(payload));
  return typeof event?.["type"] === "string" ? failureOfEvent(event as InternalEvent) : null;
}

function asAnswer(value: unknown): InternalAnswer {
  const answer = asObject(value) ?? {};
  return { ...answer, output: asList(answer["output"]) as readonly Item[] };
}
