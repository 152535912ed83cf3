// The accounts in memory: kept current by events, so that choosing never touches the database. Writes of facts go out
// through the keeper.

import type { AccountFacts, PoolAccount } from "../pool/account.ts";
import type { PoolView } from "../pool/candidates.ts";
import type { AccountSource, FactsKeeper, GatewayMetrics } from "./ports.ts";

export interface RosterPorts {
  readonly accounts: AccountSource;
  readonly facts: FactsKeeper;
  readonly metrics: GatewayMetrics;
  /** Most requests one account may serve at once; 0 sets no limit. */
  maxInflight(): number;
}

export class Roster implements PoolView {
  readonly #ports: RosterPorts;
  readonly #places = new Map<string, number>();
  readonly #inflight = new Map<string, number>();
  #accounts: PoolAccount[] = [];
  #unsubscribe = (): void => {};

  constructor(ports: RosterPorts) {
    this.#ports = ports;
  }

  async open(): Promise<void> {
    this.#unsubscribe = this.#ports.accounts.onChange((id, account) => this.#take(id, account));
    for (const account of await this.#ports.accounts.load()) {
      // What was reported meanwhile is newer than what was loaded.
      if (!this.#places.has(account.id)) this.#accounts.push(account);
    }
    this.#arrange();
  }

  close(): void {
    this.#unsubscribe();
  }

  get inOrder(): readonly PoolAccount[] {
    return this.#accounts;
  }

  find(accountId: string): PoolAccount | undefined {
    const place = this.#places.get(accountId);
    return place === undefined ? undefined : this.#accounts[place];
  }

  isBusy(accountId: string): boolean {
    const most = this.#ports.maxInflight();
    return most > 0 && (this.#inflight.get(accountId) ?? 0) >= most;
  }

  /** Applies one step to the account's facts; nothing is written when they stay the same. */
  change(accountId: string, step: (facts: AccountFacts) => AccountFacts): void {
    const place = this.#places.get(accountId);
    const account = place === undefined ? undefined : this.#accounts[place];
    if (place === undefined || account === undefined) return;
    const facts = step(account.facts);
    if (facts === account.facts) return;
    this.#accounts[place] = { ...account, facts };
    this.#ports.facts.save(accountId, facts);
  }

  lease(accountId: string): void {
    this.#inflight.set(accountId, (this.#inflight.get(accountId) ?? 0) + 1);
    this.#ports.metrics.inflightChanged(1);
  }

  release(accountId: string): void {
    const left = (this.#inflight.get(accountId) ?? 1) - 1;
    if (left > 0) this.#inflight.set(accountId, left);
    else this.#inflight.delete(accountId);
    this.#ports.metrics.inflightChanged(-1);
  }

  #take(accountId: string, account: PoolAccount | null): void {
    const place = this.#places.get(accountId);
    if (place !== undefined && account !== null && this.#accounts[place]?.sort === account.sort) {
      this.#accounts[place] = account;
      return;
    }
    this.#accounts = this.#accounts.filter((other) => other.id !== accountId);
    if (account !== null) this.#accounts.push(account);
    this.#arrange();
  }

  #arrange(): void {
    this.#accounts.sort((left, right) => left.sort - right.sort || (left.id < right.id ? -1 : 1));
    this.#places.clear();
    for (const [place, account] of this.#accounts.entries()) this.#places.set(account.id, place);
  }
}
