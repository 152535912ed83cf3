// Use cases on providers: make one, change it, give it keys, remove it. A key is an account of the pool.

import { randomUUID } from "node:crypto";
import { noSecrets, type Provider } from "../../contract/provider.ts";
import type { Clock } from "../../kit/clock.ts";
import type { DurableRows, Store } from "../../store/open-store.ts";
import type { AccountSource } from "../account-source.ts";
import { type KeyFault, keyAccount, type NewKey, readKey } from "./key-account.ts";
import { checkProvider, type ProviderEdit, type ProviderFault, plainTermsOf, termsAfter } from "./provider-terms.ts";
import type { ProviderSource } from "./provider-source.ts";

export type NewProvider = ProviderEdit & Pick<Provider, "kind" | "format" | "name" | "baseUrl">;

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: ProviderFault | KeyFault };

export interface Providers {
  /** In the user's order. */
  list(): readonly Provider[];
  /** The provider as it would be made, checked and not saved. */
  draft(wanted: NewProvider): Outcome<Provider>;
  /** Makes a provider, and an account for each key; all or nothing. */
  create(wanted: NewProvider, keys: readonly NewKey[]): Promise<Outcome<Made>>;
  /** Fields left out stay as they are. */
  update(id: string, edit: ProviderEdit): Promise<Outcome<Provider>>;
  /** Takes its accounts with it; false when there is none. */
  remove(id: string): Promise<boolean>;
  /** A key that is there already is renewed, with what the user has decided about it kept. */
  addKey(id: string, key: NewKey): Promise<Outcome<string>>;
}

export interface Made {
  readonly provider: Provider;
  readonly accountIds: readonly string[];
}

export interface ProvidersOptions {
  readonly store: Store;
  readonly providers: ProviderSource;
  readonly accounts: AccountSource;
  readonly clock: Clock;
}

const notFound = { code: "not_found", message: "There is no such provider." } as const;

export function createProviders({ store, providers, accounts, clock }: ProvidersOptions): Providers {
  const accountsOf = (id: string) => accounts.list().filter(({ providerId }) => providerId === id);

  const draft = (wanted: NewProvider) =>
    checked(newProvider(wanted, { sort: lastSort(providers.list()) + 1, now: clock.now() }));

  return {
    list: () => providers.list(),
    draft,
    async create(wanted, keys) {
      const drafted = draft(wanted);
      if (!drafted.ok) return drafted;
      const provider = drafted.value;
      const fault = firstFault(keys, provider);
      if (fault !== null) return { ok: false, fault };
      const accountIds = await store.transaction(async (rows) => {
        await rows.providers.put(provider);
        const ids: string[] = [];
        for (const key of keys) ids.push(await putKey(rows, { provider, key, now: clock.now() }));
        return ids;
      });
      await providers.load();
      await accounts.reload(accountIds);
      return { ok: true, value: { provider, accountIds } };
    },
    async update(id, edit) {
      const present = providers.find(id);
      if (present === null) return { ok: false, fault: notFound };
      const changed = checked(termsAfter(present, edit, clock.now()));
      if (!changed.ok) return changed;
      await store.providers.put(changed.value);
      await providers.load();
      await accounts.reload(accountsOf(id).map((account) => account.id));
      return changed;
    },
    async remove(id) {
      const gone = accountsOf(id).map((account) => account.id);
      const isRemoved = await store.providers.remove(id);
      if (!isRemoved) return false;
      await accounts.reload(gone);
      await providers.load();
      return true;
    },
    async addKey(id, key) {
      const provider = providers.find(id);
      if (provider === null) return { ok: false, fault: notFound };
      const fault = firstFault([key], provider);
      if (fault !== null) return { ok: false, fault };
      const accountId = await store.transaction((rows) => putKey(rows, { provider, key, now: clock.now() }));
      await accounts.reload([accountId]);
      return { ok: true, value: accountId };
    },
  };
}

function checked(provider: Provider): Outcome<Provider> {
  const fault = checkProvider(provider);
  return fault === null ? { ok: true, value: provider } : { ok: false, fault };
}

interface Given {
  readonly provider: Provider;
  readonly key: NewKey;
  readonly now: number;
}

async function putKey(rows: DurableRows, { provider, key, now }: Given): Promise<string> {
  const listed = await rows.accounts.list();
  const { account, credentials } = keyAccount(key, { provider, accounts: listed, now });
  await rows.accounts.put(account);
  await rows.credentials.put(account.id, credentials);
  return account.id;
}

function newProvider(wanted: NewProvider, { sort, now }: { readonly sort: number; readonly now: number }): Provider {
  const { kind, format, name, baseUrl } = wanted;
  const plain: Provider = {
    id: `prv_${randomUUID().replaceAll("-", "").slice(0, 16)}`,
    kind,
    format,
    name,
    baseUrl,
    isEnabled: true,
    sort,
    keyId: null,
    terms: plainTermsOf(kind),
    secrets: noSecrets,
    createdAt: now,
    updatedAt: now,
  };
  return termsAfter(plain, wanted, now);
}

function firstFault(keys: readonly NewKey[], provider: Provider): KeyFault | null {
  for (const key of keys) {
    const read = readKey(key, provider);
    if (read !== null) return read;
  }
  return null;
}

function lastSort(list: readonly Provider[]): number {
  return list.reduce((last, { sort }) => Math.max(last, sort), 0);
}
