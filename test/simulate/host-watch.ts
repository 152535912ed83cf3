// What a host's silence must have taught the gateway, as seen from outside: when it has to leave the host alone.

import type { Attempt } from "./record.ts";

/** As many tries in vain must be enough for anybody; fewer, when several accounts met them. */
const ENOUGH_OF_ONE = 12;
const ENOUGH_OF_MANY = 5;

export class HostWatch {
  readonly #accounts = new Set<string>();
  failures = 0;
  /** How many failures in a row the gateway may at most have counted. */
  mostFailures = 0;
  /** When the host last proved to be dead, in true time; null while it does not seem so. */
  openedAt: number | null = null;
  /** When the gateway may have found it dead at the earliest: after that it may be probing already. */
  mayHaveOpenedAt: number | null = null;

  /** Any answer shows that the host is there. `isJudged`: the gateway takes note of it now, and not only later. */
  heard(isJudged: boolean): void {
    this.failures = 0;
    this.#accounts.clear();
    this.openedAt = null;
    if (!isJudged) return;
    this.mostFailures = 0;
    this.mayHaveOpenedAt = null;
  }

  /**
   * A try has ended without a word of the host. What set out before the host was found dead tells nothing new; and when
   * perhaps nobody waited for it any more, it tells nothing for sure.
   */
  failed(attempt: Attempt, { now, isSure }: { now: number; isSure: boolean }): void {
    this.mostFailures += 1;
    if (this.mostFailures >= ENOUGH_OF_MANY) this.mayHaveOpenedAt ??= now;
    if (!isSure) return;
    if (this.openedAt !== null && attempt.at <= this.openedAt) return;
    this.failures += 1;
    this.#accounts.add(attempt.account);
    if (this.failures >= (this.#accounts.size > 1 ? ENOUGH_OF_MANY : ENOUGH_OF_ONE)) this.openedAt = now;
  }
}
