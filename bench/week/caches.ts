// The upstream's prompt caches: what each account still has of a conversation.

import { CACHED_FOR } from "./traffic.ts";

interface Cached {
  readonly account: number;
  tokens: number;
  at: number;
}

export class Caches {
  /** By conversation; hardly any has been on more than two accounts within the time that counts. */
  readonly #kept = new Map<number, Cached[]>();

  tokens(conversation: number, account: number, now: number): number {
    const cached = this.#kept.get(conversation)?.find((each) => each.account === account);
    return cached === undefined || now - cached.at > CACHED_FOR ? 0 : cached.tokens;
  }

  keep(conversation: number, account: number, tokens: number, now: number): void {
    const kept = this.#kept.get(conversation) ?? [];
    const cached = kept.find((each) => each.account === account);
    if (cached !== undefined) {
      cached.tokens = tokens;
      cached.at = now;
      return;
    }
    const fresh = kept.filter(({ at }) => now - at <= CACHED_FOR);
    this.#kept.set(conversation, [...fresh, { account, tokens, at: now }]);
  }
}
