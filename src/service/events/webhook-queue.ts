// Notices on their way to the webhook: one at a time, tried again a few times with growing pauses, then given up.

import type { Clock } from "../../kit/clock.ts";
import { pause } from "../../kit/clock.ts";
import type { Delivery } from "./webhook.ts";

export interface WebhookQueueOptions {
  readonly clock: Clock;
  /** Sends one body to the address in force; null when there is none any more. */
  send(body: string): Promise<Delivery> | null;
  /** A notice was given up, and why. */
  onDrop(message: string): void;
}

/** Between the tries; one more try than pauses. */
const pausesMs = [1000, 5000, 30_000, 120_000];
/** More than this do not wait; the newest are dropped. */
const mostWaiting = 100;

export class WebhookQueue {
  readonly #options: WebhookQueueOptions;
  readonly #waiting: string[] = [];
  readonly #stopping = new AbortController();
  #isSending = false;

  constructor(options: WebhookQueueOptions) {
    this.#options = options;
  }

  push(body: string): void {
    if (this.#waiting.length >= mostWaiting) return this.#options.onDrop(`${mostWaiting} notices wait already`);
    this.#waiting.push(body);
    if (!this.#isSending) void this.#sendAll();
  }

  /** What still waits is lost. */
  stop(): void {
    this.#waiting.length = 0;
    this.#stopping.abort();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let body = this.#waiting.shift(); body !== undefined; body = this.#waiting.shift()) {
      const problem = await this.#sendOne(body);
      if (problem !== null && !this.#stopping.signal.aborted) this.#options.onDrop(problem);
    }
    this.#isSending = false;
  }

  /** Null when it arrived, or nobody wants it any more. */
  async #sendOne(body: string): Promise<string | null> {
    for (const pauseMs of [...pausesMs, null]) {
      const delivery = await this.#options.send(body);
      if (delivery === null || delivery.isDelivered) return null;
      if (!delivery.mayPass || pauseMs === null) return delivery.message;
      const isStopped = await pause(this.#options.clock, pauseMs, this.#stopping.signal).then(
        () => false,
        () => true,
      );
      if (isStopped) return null;
    }
    return null;
  }
}
