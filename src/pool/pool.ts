// All accounts in memory, with what is kept of each while the process lives, and the lanes in which requests see them.
// Holds state and does no I/O: time and settings are passed in.

import { DueTimes } from "../kit/due-times.ts";
import type { AccountFacts, PoolAccount } from "./account.ts";
import { shareWeight } from "./capacity.ts";
import { nextChangeAt } from "./eligibility.ts";
import { type Filter, passes } from "./filter.ts";
import { Lane } from "./lane.ts";
import { type Entry, lowAfter, newEntry, type PoolTerms, type Wanted } from "./standing.ts";
import { strategies, type StrategyName } from "./strategy/index.ts";

/** What the rest of the program may look at. */
export interface PoolView {
  /** In the user's order; always current. */
  readonly inOrder: readonly PoolAccount[];
  find(accountId: string): PoolAccount | undefined;
}

/** Kinds of requests that are kept in order at the same time: by filter of the key and by model that some account lacks. */
const MOST_LANES = 64;

export class Pool implements PoolView {
  readonly #byId = new Map<string, Entry>();
  /** By place, which is the user's order. */
  #entries: Entry[] = [];
  #isArranged = true;
  readonly #lanes = new Map<string, Lane>();
  /** By filter: whether a login that is switched on passes it. Holds until an account changes. */
  readonly #loginsPass = new Map<string, boolean>();
  #due = new DueTimes();
  /** Models that some account was refused for: only those need lanes of their own. */
  readonly #lackedModels = new Set<string>();
  #terms: PoolTerms = { maxInflight: 0, softThresholdPercent: 0, asksLoginsFirst: true };
  /** Epoch ms of the last look; -1 when everything has to be looked at again. */
  #lookedAt = -1;
  /** How far shares have been used on the whole, and conversations placed. */
  #share = 0;
  #turn = 0;

  get inOrder(): readonly PoolAccount[] {
    this.#arrange();
    return this.#entries.map(({ account }) => account);
  }

  /** The entries in the user's order. */
  get entries(): readonly Entry[] {
    this.#arrange();
    return this.#entries;
  }

  get terms(): PoolTerms {
    return this.#terms;
  }

  set terms(terms: PoolTerms) {
    const { maxInflight, softThresholdPercent, asksLoginsFirst } = this.#terms;
    const isSame =
      terms.maxInflight === maxInflight &&
      terms.softThresholdPercent === softThresholdPercent &&
      terms.asksLoginsFirst === asksLoginsFirst;
    if (isSame) return;
    this.#terms = terms;
    this.#lookedAt = -1;
  }

  find(accountId: string): PoolAccount | undefined {
    return this.#byId.get(accountId)?.account;
  }

  entry(accountId: string): Entry | undefined {
    return this.#byId.get(accountId);
  }

  /** Whether there is a login that such a request may use, whatever it is able to do now. */
  hasLogin(filter: Filter): boolean {
    const known = this.#loginsPass.get(filter.key);
    if (known !== undefined) return known;
    const has = this.#entries.some(
      ({ account }) => account.providerId === null && account.isEnabled && passes(account, filter),
    );
    this.#loginsPass.set(filter.key, has);
    return has;
  }

  put(account: PoolAccount): void {
    this.#loginsPass.clear();
    const entry = this.#byId.get(account.id);
    if (entry === undefined) this.#add(newEntry(account));
    else {
      if (entry.account.sort !== account.sort) this.#isArranged = false;
      entry.account = account;
      this.#changed(entry);
    }
  }

  remove(accountId: string): void {
    this.#loginsPass.clear();
    const entry = this.#byId.get(accountId);
    if (entry === undefined) return;
    this.#byId.delete(accountId);
    this.#entries.splice(this.#entries.indexOf(entry), 1);
    this.#isArranged = false;
  }

  setFacts(accountId: string, facts: AccountFacts): void {
    const entry = this.#byId.get(accountId);
    if (entry === undefined) return;
    entry.account = { ...entry.account, facts };
    this.#changed(entry);
  }

  /** A request begins on the account: counted at once, so that limits hold. */
  begin(accountId: string, { isProbe }: { readonly isProbe: boolean }): void {
    const entry = this.#byId.get(accountId);
    if (entry === undefined) return;
    entry.inflight += 1;
    if (isProbe) entry.isProbed = true;
    this.#touch(entry);
  }

  end(accountId: string, { isProbe }: { readonly isProbe: boolean }): void {
    const entry = this.#byId.get(accountId);
    if (entry === undefined) return;
    entry.inflight = Math.max(0, entry.inflight - 1);
    if (isProbe) entry.isProbed = false;
    this.#touch(entry);
  }

  /** A conversation was placed on the account by its strategy: others have their turn before it has its next one. */
  placed(accountId: string, now: number): void {
    const entry = this.#byId.get(accountId);
    if (entry === undefined) return;
    this.#share = Math.max(this.#share, entry.share);
    entry.share = this.#share + 1 / shareWeight(entry.account, now);
    entry.lastTurn = this.#turn += 1;
    this.#touch(entry);
  }

  /** The accounts in the order in which such a request would ask them now. */
  lane(strategy: StrategyName, wanted: Wanted, now: number): Lane {
    this.#lookAt(now);
    const model = wanted.model !== null && this.#lackedModels.has(wanted.model) ? wanted.model : null;
    const key = `${strategy}\n${model ?? ""}\n${wanted.filter.key}`;
    const lane = this.#lanes.get(key) ?? this.#open(key, { ...wanted, model }, strategy);
    lane.refresh(this.#terms, now);
    return lane;
  }

  // --- inside ---

  #add(entry: Entry): void {
    this.#byId.set(entry.account.id, entry);
    this.#entries.push(entry);
    this.#noteModels(entry.account.facts);
    entry.share = this.#share;
    this.#isArranged = false;
  }

  #open(key: string, wanted: Wanted, strategy: StrategyName): Lane {
    const lane = new Lane(this.#entries, wanted, strategies[strategy]);
    const [oldest] = this.#lanes.keys();
    if (this.#lanes.size >= MOST_LANES && oldest !== undefined) this.#lanes.delete(oldest);
    this.#lanes.set(key, lane);
    return lane;
  }

  #changed(entry: Entry): void {
    this.#noteModels(entry.account.facts);
    if (!this.#isArranged || this.#lookedAt < 0) return;
    this.#settle(entry, this.#lookedAt);
  }

  #noteModels({ blocks }: AccountFacts): void {
    for (const { model } of blocks) if (model !== null) this.#lackedModels.add(model);
  }

  /** Everything that depends on time is judged again for this account, now and when it changes next. */
  #settle(entry: Entry, now: number): void {
    entry.isLow = lowAfter(entry, this.#terms, now);
    this.#due.set(entry.place, nextChangeAt(entry.account.facts, now));
    this.#touch(entry);
  }

  #touch({ place }: Entry): void {
    if (!this.#isArranged) return;
    for (const lane of this.#lanes.values()) lane.touch(place);
  }

  #lookAt(now: number): void {
    this.#arrange();
    // A clock that was set back makes what had ended run again.
    if (this.#lookedAt < 0 || now < this.#lookedAt) for (const entry of this.#entries) this.#settle(entry, now);
    this.#lookedAt = now;
    for (let place = this.#due.take(now); place >= 0; place = this.#due.take(now)) {
      this.#settle(this.#entries[place] as Entry, now);
    }
  }

  #arrange(): void {
    if (this.#isArranged) return;
    this.#isArranged = true;
    this.#entries.sort(byUsersOrder);
    for (const [place, entry] of this.#entries.entries()) entry.place = place;
    this.#lanes.clear();
    this.#due = new DueTimes();
    this.#lookedAt = -1;
  }
}

function byUsersOrder({ account: left }: Entry, { account: right }: Entry): number {
  return left.sort - right.sort || (left.id < right.id ? -1 : 1);
}
