// What survives a restart of the simulated program: the store in memory. Facts and bindings reach it as they reach the
// disk, up to 100 ms late; a crash loses what was not written yet.

import type { Clock } from "../../src/kit/clock.ts";
import type { AccountFacts } from "../../src/pool/account.ts";
import type { AccountRecord } from "../../src/store/account-rows.ts";
import type { Binding } from "../../src/store/binding-rows.ts";
import type { Claim, CredentialRows, Credentials, NewCredentials, Refusal } from "../../src/store/credential-rows.ts";
import type { Store } from "../../src/store/open-store.ts";

const WRITTEN_WITHIN_MS = 100;

/** Lazily written rows of one table. */
class LateRows<T> {
  readonly #durable = new Map<string, T>();
  readonly #waiting = new Map<string, T>();

  find(key: string): T | undefined {
    return this.#waiting.get(key) ?? this.#durable.get(key);
  }

  put(key: string, row: T): void {
    this.#waiting.set(key, row);
  }

  get isDirty(): boolean {
    return this.#waiting.size > 0;
  }

  write(): void {
    for (const [key, row] of this.#waiting) this.#durable.set(key, row);
    this.#waiting.clear();
  }

  lose(): void {
    this.#waiting.clear();
  }

  remove(key: string): void {
    this.#durable.delete(key);
    this.#waiting.delete(key);
  }

  get all(): ReadonlyMap<string, T> {
    return new Map([...this.#durable, ...this.#waiting]);
  }
}

export interface StoreListener {
  factsSaved(accountId: string, facts: AccountFacts): void;
}

export class MemoryStore {
  readonly #accounts = new Map<string, AccountRecord>();
  readonly #renewedBy = new Map<string, string>();
  readonly #credentials = new Map<string, Credentials>();
  readonly #facts = new LateRows<AccountFacts>();
  readonly #bindings = new LateRows<Binding>();
  readonly #listener: StoreListener;

  constructor(listener: StoreListener) {
    this.#listener = listener;
  }

  /** The store as one life of the program sees it, with the clock that its late writes go by. A dead program writes nothing. */
  open(clock: Clock, isAlive: () => boolean = () => true): Store {
    const isWaiting = { now: false };
    const soon = () => {
      if (isWaiting.now) return;
      isWaiting.now = true;
      clock.timer(WRITTEN_WITHIN_MS, () => {
        isWaiting.now = false;
        this.flush();
      });
    };
    const accounts = this.#accountRows();
    const credentials = this.#credentialRows();
    const rows = { accounts, credentials };
    const facts = {
      load: async () => new Map(this.#facts.all),
      save: (accountId: string, saved: AccountFacts) => {
        if (!isAlive() || !this.#accounts.has(accountId)) return;
        this.#listener.factsSaved(accountId, saved);
        this.#facts.put(accountId, saved);
        soon();
      },
    };
    const bindings = {
      find: async (conversation: string) => this.#bindings.find(conversation) ?? null,
      save: (binding: Binding) => {
        if (!isAlive()) return;
        this.#bindings.put(binding.conversation, binding);
        soon();
      },
      prune: async () => 0,
    };
    const transaction = async <T>(work: (inside: Store) => Promise<T>) => work(rows as unknown as Store);
    // Keys, settings and files are of no concern to what is simulated.
    return { ...rows, facts, bindings, transaction, flush: async () => this.flush() } as unknown as Store;
  }

  /** What the program has written so far reaches the disk. */
  flush(): void {
    this.#facts.write();
    this.#bindings.write();
  }

  /** The machine goes down: what was not written is gone. */
  crash(): void {
    this.#facts.lose();
    this.#bindings.lose();
  }

  factsOf(accountId: string): AccountFacts | undefined {
    return this.#facts.find(accountId);
  }

  boundTo(conversation: string): string | null {
    return this.#bindings.find(conversation)?.accountId ?? null;
  }

  /** Who has renewed an account's tokens last. */
  renewedBy(accountId: string): string | null {
    return this.#renewedBy.get(accountId) ?? null;
  }

  credentialsOf(accountId: string): Credentials | undefined {
    return this.#credentials.get(accountId);
  }

  #accountRows(): Pick<Store["accounts"], "list" | "find" | "put" | "remove"> {
    return {
      list: async () => [...this.#accounts.values()].sort((a, b) => a.sort - b.sort),
      find: async (id) => this.#accounts.get(id) ?? null,
      put: async (account) => void this.#accounts.set(account.id, account),
      remove: async (id) => {
        this.#facts.remove(id);
        this.#credentials.delete(id);
        return this.#accounts.delete(id);
      },
    };
  }

  #credentialRows(): CredentialRows {
    const rows = this.#credentials;
    const held = ({ accountId, generation, owner }: Claim) => {
      const row = rows.get(accountId);
      return row?.generation === generation && row.claim?.owner === owner ? row : null;
    };
    const replace = (row: Credentials, change: Partial<Credentials>) =>
      void rows.set(row.accountId, { ...row, ...change });
    return {
      find: async (accountId) => rows.get(accountId) ?? null,
      put: async (accountId, credentials) => {
        const generation = (rows.get(accountId)?.generation ?? 0) + 1;
        rows.set(accountId, { ...credentials, accountId, generation, claim: null, refusal: null });
      },
      claim: async ({ accountId, generation, owner }, now, until) => {
        const row = rows.get(accountId);
        const isFree =
          row !== undefined &&
          row.refusal === null &&
          (row.claim === null || row.claim.until <= now || row.claim.until > until + (until - now));
        if (!isFree || row.generation !== generation) return false;
        replace(row, { claim: { owner, until } });
        return true;
      },
      rotate: async (claim: Claim, credentials: NewCredentials) => {
        const row = held(claim);
        if (row === null) return false;
        this.#renewedBy.set(row.accountId, row.claim?.owner ?? "");
        replace(row, { ...credentials, generation: row.generation + 1, claim: null });
        return true;
      },
      release: async (claim: Claim, refusal: Refusal | null) => {
        const row = held(claim);
        if (row !== null) replace(row, { claim: null, refusal });
      },
      forgive: async (accountId, state) => {
        const row = rows.get(accountId);
        if (row?.refusal?.state === state) replace(row, { refusal: null });
      },
      due: async ({ expiresBefore }) =>
        [...rows.values()]
          .filter(({ refusal, expiresAt }) => refusal === null && expiresAt !== null && expiresAt < expiresBefore)
          .sort((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0))
          .map(({ accountId }) => accountId),
      refusals: async () =>
        new Map([...rows.values()].flatMap((row) => (row.refusal ? [[row.accountId, row.refusal] as const] : []))),
    };
  }
}
