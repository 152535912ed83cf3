// What arrived at the world, in order and bounded, with promises instead of polling.

import type { DemoAccount } from "./account.ts";

export type Closing =
  /** The answer was sent to its end. */
  | "finished"
  /** The client went away first. */
  | "client"
  /** The world broke it off, as a fault asked for. */
  | "world";

export interface RecordedRequest {
  readonly serial: number;
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Names and values as they came, alternating. */
  readonly rawHeaders: readonly string[];
  /** Epoch ms. */
  readonly at: number;
  /** Decoded; as much as came when the client went away while sending. */
  readonly body: Buffer;
  /** The parsed body; undefined when it is not JSON. */
  readonly json: Record<string, unknown> | undefined;
  readonly account: DemoAccount | null;
  /** The answer's status; null until headers were sent. */
  readonly status: number | null;
  /** Name of the fault the request met. */
  readonly fault: string | null;
  readonly closing: Closing | null;
  /** Epoch ms. */
  readonly closedAt: number | null;
  /** Resolves when the exchange is over, with how it ended. */
  readonly closed: Promise<Closing>;
}

export type RequestPredicate = (request: RecordedRequest) => boolean;

interface Waiter {
  readonly accepts: RequestPredicate;
  resolve(request: RecordedRequest): void;
}

export class Recorder {
  readonly requests: RecordedRequest[] = [];
  readonly #maxRequests: number;
  readonly #maxBytes: number;
  #bytes = 0;
  #waiters: Waiter[] = [];

  constructor(bounds: { maxRequests: number; maxBytes: number }) {
    this.#maxRequests = bounds.maxRequests;
    this.#maxBytes = bounds.maxBytes;
  }

  /** Called when the body is in (or broke off) and the account is known. */
  add(request: RecordedRequest): void {
    this.requests.push(request);
    this.#bytes += request.body.length;
    while (this.requests.length > this.#maxRequests || (this.#bytes > this.#maxBytes && this.requests.length > 1)) {
      this.#bytes -= this.requests.shift()?.body.length ?? 0;
    }
    this.#waiters = this.#waiters.filter((waiter) => {
      if (!waiter.accepts(request)) return true;
      waiter.resolve(request);
      return false;
    });
  }

  /** The first request, past or to come, that the predicate accepts. */
  wait(accepts: RequestPredicate): Promise<RecordedRequest> {
    const past = this.requests.find(accepts);
    if (past) return Promise.resolve(past);
    return this.waitForNext(accepts);
  }

  /** The first request to come that the predicate accepts. */
  waitForNext(accepts: RequestPredicate): Promise<RecordedRequest> {
    return new Promise((resolve) => this.#waiters.push({ accepts, resolve }));
  }

  clear(): void {
    this.requests.length = 0;
    this.#bytes = 0;
  }
}
