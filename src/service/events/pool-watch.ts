// Keeps in sight how every account is doing: looks again at those that changed, and at those whose block or window ends by
// itself, which nothing else would tell.

import type { AccountSource } from "../../accounts/account-source.ts";
import type { Clock, Timer } from "../../kit/clock.ts";
import { usualTerms } from "../../pool/availability.ts";
import type { AccountSight } from "../../pool/notices.ts";
import { accountSight } from "../../pool/notices.ts";

/** Null: it was not there before, or is gone. */
export interface SightChange {
  readonly id: string;
  readonly before: AccountSight | null;
  readonly after: AccountSight | null;
}

export interface PoolWatchOptions {
  readonly clock: Clock;
  readonly source: Pick<AccountSource, "list" | "find">;
  /** One look in which something had changed. The first look tells nothing. */
  onLook(changes: readonly SightChange[], sights: ReadonlyMap<string, AccountSight>): void;
}

/** Changes are gathered for so long before they are looked at. */
const gatherMs = 250;
/** Readings grow stale without anything happening; so long at most until everybody is looked at. */
const longestMs = 10 * 60_000;

export class PoolWatch {
  readonly #options: PoolWatchOptions;
  readonly #sights = new Map<string, AccountSight>();
  /** Accounts in a state that ends by itself, and when. */
  readonly #ends = new Map<string, number>();
  readonly #touched = new Set<string>();
  #isWatching = false;
  #touchTimer: Timer | null = null;
  #endTimer: Timer | null = null;

  constructor(options: PoolWatchOptions) {
    this.#options = options;
  }

  get sights(): ReadonlyMap<string, AccountSight> {
    return this.#sights;
  }

  /** Costs a look at everybody; does nothing when it watches already. */
  start(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    for (const { id } of this.#options.source.list()) this.#see(id);
    this.#planEnd();
  }

  touch(accountId: string): void {
    if (!this.#isWatching) return;
    this.#touched.add(accountId);
    this.#touchTimer ??= this.#options.clock.timer(gatherMs, () => this.#look());
  }

  /** Forgets what was seen; it can be started again. */
  stop(): void {
    this.#isWatching = false;
    this.#touchTimer?.cancel();
    this.#touchTimer = null;
    this.#endTimer?.cancel();
    this.#touched.clear();
    this.#sights.clear();
    this.#ends.clear();
  }

  #look(): void {
    this.#touchTimer?.cancel();
    this.#touchTimer = null;
    const changes = [...this.#touched].map((id) => this.#see(id)).filter((change) => change !== null);
    this.#touched.clear();
    this.#planEnd();
    if (changes.length > 0) this.#options.onLook(changes, this.#sights);
  }

  #see(id: string): SightChange | null {
    const { clock, source } = this.#options;
    const before = this.#sights.get(id) ?? null;
    const account = source.find(id);
    const after = account && accountSight(account, { ...usualTerms, now: clock.now() });
    if (after === null) this.#sights.delete(id);
    else this.#sights.set(id, after);
    const end = after?.availability.until ?? null;
    if (end === null || end <= clock.now()) this.#ends.delete(id);
    else this.#ends.set(id, end);
    return isSame(before, after) ? null : { id, before, after };
  }

  #planEnd(): void {
    this.#endTimer?.cancel();
    const now = this.#options.clock.now();
    let soonest = now + longestMs;
    for (const end of this.#ends.values()) soonest = Math.min(soonest, end);
    this.#endTimer = this.#options.clock.timer(soonest - now, () => this.#lookAtEnds(soonest));
  }

  #lookAtEnds(due: number): void {
    const ended = [...this.#ends].filter(([, end]) => end <= due).map(([id]) => id);
    for (const id of ended.length > 0 ? ended : this.#sights.keys()) this.#touched.add(id);
    this.#look();
  }
}

/** Times are read off anew with each answer; a second or two makes no difference. */
const sameTimeMs = 2000;

function isSame(before: AccountSight | null, after: AccountSight | null): boolean {
  if (before === null || after === null) return before === after;
  return isSameState(before, after) && before.remainingPercent === after.remainingPercent;
}

export function isSameState({ availability: was }: AccountSight, { availability: is }: AccountSight): boolean {
  if (was.state !== is.state || was.reason !== is.reason || was.windowMinutes !== is.windowMinutes) return false;
  if (was.until === null || is.until === null) return was.until === is.until;
  return Math.abs(was.until - is.until) <= sameTimeMs;
}
