// Slows guessing of the web password: after a few wrong ones a peer has to wait.

import { LRUCache } from "lru-cache";

import type { Clock } from "../../kit/clock.ts";

const MOST_FAILURES = 5;
const WAIT_MS = 60_000;
const MOST_PEERS = 1000;

export class SignInLimit {
  readonly #clock: Clock;
  readonly #failures = new LRUCache<string, { count: number; at: number }>({ max: MOST_PEERS });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Seconds the peer has to wait; 0 when it may try. */
  waitSeconds(peer: string): number {
    const failures = this.#failures.get(peer);
    if (!failures || failures.count < MOST_FAILURES) return 0;
    return Math.max(0, Math.ceil((failures.at + WAIT_MS - this.#clock.now()) / 1000));
  }

  failed(peer: string): void {
    const now = this.#clock.now();
    const before = this.#failures.get(peer);
    const count = before && before.at + WAIT_MS > now ? before.count + 1 : 1;
    this.#failures.set(peer, { count, at: now });
  }

  succeeded(peer: string): void {
    this.#failures.delete(peer);
  }
}
