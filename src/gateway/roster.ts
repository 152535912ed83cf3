// The pool as the gateway works on it: kept current by events, so that choosing never touches the database. Changes of
// facts go out through the keeper, and whoever waits hears when something may be free.

import type { Clock } from "../kit/clock.ts";
import type { AccountFacts, PoolAccount } from "../pool/account.ts";
import type { Candidate } from "../pool/candidates.ts";
import { Pool, type PoolView } from "../pool/pool.ts";
import { isStrategy } from "../pool/strategy/index.ts";
import type { AccountSource, FactsKeeper, GatewayMetrics } from "./ports.ts";
import { WaitingLine } from "./waiting-line.ts";

export interface RosterPorts {
  readonly accounts: AccountSource;
  readonly facts: FactsKeeper;
  readonly metrics: GatewayMetrics;
  readonly clock: Clock;
}

/** A request's place on an account, from the choice to the end. */
export type Lease = Pick<Candidate, "account" | "isProbe">;

export class Roster implements PoolView {
  readonly pool = new Pool();
  readonly line: WaitingLine;
  readonly #ports: RosterPorts;
  #unsubscribe = (): void => {};

  constructor(ports: RosterPorts) {
    this.#ports = ports;
    this.line = new WaitingLine(ports.clock);
  }

  async open(): Promise<void> {
    this.#unsubscribe = this.#ports.accounts.onChange((id, account) => this.#take(id, account));
    for (const account of await this.#ports.accounts.load()) {
      // What was reported meanwhile is newer than what was loaded.
      if (this.pool.find(account.id) === undefined) this.pool.put(account);
    }
  }

  close(): void {
    this.#unsubscribe();
  }

  get inOrder(): readonly PoolAccount[] {
    return this.pool.inOrder;
  }

  find(accountId: string): PoolAccount | undefined {
    return this.pool.find(accountId);
  }

  /** Applies one step to the account's facts; nothing is written when they stay the same. */
  change(accountId: string, step: (facts: AccountFacts) => AccountFacts): void {
    const before = this.pool.find(accountId)?.facts;
    if (before === undefined) return;
    const facts = step(before);
    if (facts === before) return;
    this.pool.setFacts(accountId, facts);
    this.#ports.facts.save(accountId, facts);
    if (facts.blocks !== before.blocks || facts.login !== before.login) this.line.wake();
  }

  /** Takes a place on the account. To be done in the same turn as the choice, so that limits hold. */
  begin({ account, isProbe, reason }: Candidate): void {
    this.pool.begin(account.id, { isProbe });
    if (isStrategy(reason)) this.pool.placed(account.id, this.#ports.clock.now());
    this.#ports.metrics.inflightChanged(1);
  }

  end({ account, isProbe }: Lease): void {
    this.pool.end(account.id, { isProbe });
    this.#ports.metrics.inflightChanged(-1);
    this.line.wake();
  }

  #take(accountId: string, account: PoolAccount | null): void {
    if (account === null) this.pool.remove(accountId);
    else this.pool.put(account);
    this.line.wake();
  }
}
