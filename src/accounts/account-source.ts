// The pool's accounts in memory, kept equal to the store, with everybody told who changes. Facts pass through here:
// whoever observes something about an account writes it here, and it is kept across restarts.

import { Listeners } from "../kit/listeners.ts";
import { freshFacts } from "../pool/account.ts";
import type { AccountFacts, PoolAccount } from "../pool/account.ts";
import type { AccountRecord } from "../store/account-rows.ts";
import type { Refusal } from "../store/credential-rows.ts";
import type { Store } from "../store/open-store.ts";

type ChangeListener = (accountId: string, account: PoolAccount | null) => void;
type FactsListener = (account: PoolAccount, before: AccountFacts) => void;

export interface AccountSource {
  /** Reads all accounts; call once, before anything else. */
  load(): Promise<readonly PoolAccount[]>;
  /** Hears of every account that was added or changed (new value) or removed (null). Returns the unsubscriber. */
  onChange(listener: ChangeListener): () => void;
  /** Hears of all new facts, also of those that `onChange` does not tell because the pool has them. Called on the way of requests. */
  onFacts(listener: FactsListener): () => void;
  find(accountId: string): PoolAccount | null;
  /** What the store holds of an account. */
  record(accountId: string): AccountRecord | null;
  list(): readonly PoolAccount[];
  /** Keeps facts the pool has already taken over: only `onFacts` tells of them. */
  save(accountId: string, facts: AccountFacts): void;
  /** Changes facts from outside the pool: everybody is told. */
  changeFacts(accountId: string, change: (facts: AccountFacts) => AccountFacts): void;
  /** Reads these accounts again after the store was changed, and tells everybody. */
  reload(accountIds: readonly string[]): Promise<void>;
}

/** `isPaid` tells whether a provider's requests cost money. */
export function createAccountSource(store: Store, isPaid: (providerId: string) => boolean = () => true): AccountSource {
  const toPoolAccount = poolAccounts(isPaid);
  const accounts = new Map<string, PoolAccount>();
  const records = new Map<string, AccountRecord>();
  const changes = new Listeners<Parameters<ChangeListener>>();
  const newFacts = new Listeners<Parameters<FactsListener>>();

  function replace(accountId: string, account: PoolAccount | null): void {
    if (account) accounts.set(accountId, account);
    else accounts.delete(accountId);
    changes.tell(accountId, account);
  }

  function keepFacts(account: PoolAccount, facts: AccountFacts): void {
    const changed = withFacts(account, facts);
    accounts.set(account.id, changed);
    store.facts.save(account.id, facts);
    newFacts.tell(changed, account.facts);
  }

  return {
    async load() {
      for (const { record, facts } of await readAll(store)) {
        accounts.set(record.id, toPoolAccount(record, facts));
        records.set(record.id, record);
      }
      return [...accounts.values()];
    },
    onChange: changes.add,
    onFacts: newFacts.add,
    find: (accountId) => accounts.get(accountId) ?? null,
    record: (accountId) => records.get(accountId) ?? null,
    list: () => [...accounts.values()],
    save(accountId, facts) {
      const account = accounts.get(accountId);
      if (account) keepFacts(account, facts);
    },
    changeFacts(accountId, change) {
      const account = accounts.get(accountId);
      if (!account) return;
      keepFacts(account, change(account.facts));
      replace(accountId, accounts.get(accountId) ?? null);
    },
    async reload(accountIds) {
      const wanted = new Set(accountIds);
      for (const record of await store.accounts.list()) {
        if (!wanted.delete(record.id)) continue;
        records.set(record.id, record);
        replace(record.id, toPoolAccount(record, accounts.get(record.id)?.facts ?? freshFacts));
      }
      for (const goneId of wanted) {
        records.delete(goneId);
        replace(goneId, null);
      }
    },
  };
}

/** The same without the accounts that hold an API key, which have neither quota windows nor tokens to renew. */
export function loginsOf(source: AccountSource): AccountSource {
  const isLogin = ({ providerId }: PoolAccount) => providerId === null;
  return {
    ...source,
    list: () => source.list().filter(isLogin),
    find: (accountId) => {
      const account = source.find(accountId);
      return account !== null && isLogin(account) ? account : null;
    },
  };
}

async function readAll(store: Store) {
  const [records, facts, refusals] = await Promise.all([
    store.accounts.list(),
    store.facts.load(),
    store.credentials.refusals(),
  ]);
  return records.map((record) => ({
    record,
    facts: withRefusal(facts.get(record.id) ?? freshFacts, refusals.get(record.id)),
  }));
}

/** The plan as it was read last, which may be newer than what the login says. */
function withFacts(account: PoolAccount, facts: AccountFacts): PoolAccount {
  return { ...account, facts, plan: facts.reading?.plan ?? account.plan };
}

function poolAccounts(isPaid: (providerId: string) => boolean) {
  return (record: AccountRecord, facts: AccountFacts): PoolAccount => ({
    id: record.id,
    label: record.label,
    upstream: record.upstream,
    providerId: record.providerId,
    isPaid: record.providerId !== null && isPaid(record.providerId),
    sort: record.sort,
    isEnabled: record.status === "active",
    plan: facts.reading?.plan ?? record.plan,
    groupName: record.groupName,
    tags: record.tags,
    priority: record.priority,
    mark: record.mark,
    maxInflight: record.maxInflight,
    chatgptAccountId: record.chatgptAccountId,
    facts,
  });
}

/** The issuer's final word is durable; facts are written lazily and may have missed it. */
function withRefusal(facts: AccountFacts, refusal: Refusal | undefined): AccountFacts {
  if (!refusal || facts.login.state !== "ok") return facts;
  return { ...facts, login: { state: refusal.state, code: refusal.code, since: refusal.at } };
}
