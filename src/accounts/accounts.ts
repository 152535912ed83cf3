// Use cases on accounts beside import and sign-in: list, change what belongs to the user, switch on and off, delete.

import type { Clock } from "../kit/clock.ts";
import { plainText } from "../kit/plain-text.ts";
import type { AccountFacts } from "../pool/account.ts";
import { freshFacts } from "../pool/account.ts";
import { afterSignIn } from "../pool/transitions.ts";
import type { AccountRecord } from "../store/account-rows.ts";
import type { Store } from "../store/open-store.ts";
import type { AccountSource } from "./account-source.ts";

export interface AccountView extends AccountRecord {
  readonly facts: AccountFacts;
}

/** Fields left out stay as they are. */
export interface AccountEdit {
  readonly label?: string;
  readonly groupName?: string;
  readonly sort?: number;
  readonly note?: string | null;
  readonly tags?: readonly string[];
}

export interface Accounts {
  /** In the user's order. */
  list(): Promise<AccountView[]>;
  /** False when there is no such account. */
  update(id: string, edit: AccountEdit): Promise<boolean>;
  /** Switching on also lets the issuer be asked again after it has refused for the region. */
  setEnabled(id: string, isEnabled: boolean): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}

export interface AccountsOptions {
  readonly store: Store;
  readonly source: AccountSource;
  readonly clock: Clock;
}

export function createAccounts({ store, source, clock }: AccountsOptions): Accounts {
  async function change(id: string, edit: (account: AccountRecord) => AccountRecord): Promise<boolean> {
    const isThere = await store.transaction(async (rows) => {
      const account = await rows.accounts.find(id);
      if (account) await rows.accounts.put({ ...edit(account), updatedAt: clock.now() });
      return account !== null;
    });
    if (isThere) await source.reload([id]);
    return isThere;
  }

  return {
    async list() {
      const records = await store.accounts.list();
      return records.map((record) => ({ ...record, facts: source.find(record.id)?.facts ?? freshFacts }));
    },
    update: (id, edit) => change(id, (account) => applyEdit(account, edit)),
    async setEnabled(id, isEnabled) {
      if (isEnabled) await store.credentials.forgive(id, "no_access");
      const isThere = await change(id, (account) => ({ ...account, status: isEnabled ? "active" : "disabled" }));
      if (isEnabled && source.find(id)?.facts.login.state === "no_access") {
        source.changeFacts(id, (facts) => afterSignIn(facts, clock.now()));
      }
      return isThere;
    },
    async remove(id) {
      const isRemoved = await store.accounts.remove(id);
      if (isRemoved) await source.reload([id]);
      return isRemoved;
    },
  };
}

function applyEdit(account: AccountRecord, edit: AccountEdit): AccountRecord {
  const label = edit.label === undefined ? "" : plainText(edit.label);
  return {
    ...account,
    label: label || account.label,
    hasPlaceholderLabel: account.hasPlaceholderLabel && label === "",
    groupName: edit.groupName === undefined ? account.groupName : plainText(edit.groupName),
    sort: edit.sort ?? account.sort,
    note: edit.note === undefined ? account.note : edit.note,
    tags: edit.tags ?? account.tags,
  };
}
