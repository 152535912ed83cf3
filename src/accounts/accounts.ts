// Use cases on accounts beside import and sign-in: list, change what belongs to the user, switch on and off, delete.

import type { Clock } from "../kit/clock.ts";
import { plainText } from "../kit/plain-text.ts";
import type { AccountFacts, Mark } from "../pool/account.ts";
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
  /** -100 to 100. */
  readonly priority?: number;
  readonly mark?: Mark;
  /** Null leaves it to the setting, 0 sets no limit. */
  readonly maxInflight?: number | null;
  readonly status?: AccountRecord["status"];
}

export interface Accounts {
  /** In the user's order. */
  list(): Promise<AccountView[]>;
  /**
   * Changes several accounts alike, in one transaction; answers with the ids that are not there, upon which nothing was
   * changed. Switching an account on also lets the issuer be asked again after it has refused for the region.
   */
  update(ids: readonly string[], edit: AccountEdit): Promise<readonly string[]>;
  remove(id: string): Promise<boolean>;
}

export interface AccountsOptions {
  readonly store: Store;
  readonly source: AccountSource;
  readonly clock: Clock;
}

export function createAccounts({ store, source, clock }: AccountsOptions): Accounts {
  /** Nothing is written when one of them is not there. */
  async function change(ids: readonly string[], edit: AccountEdit): Promise<readonly string[]> {
    return store.transaction(async (rows) => {
      const found = await Promise.all(ids.map((id) => rows.accounts.find(id)));
      const missing = ids.filter((_, at) => found[at] === null);
      if (missing.length > 0) return missing;
      for (const account of found) {
        if (account) await rows.accounts.put({ ...applyEdit(account, edit), updatedAt: clock.now() });
      }
      return [];
    });
  }

  async function forgive(id: string): Promise<void> {
    await store.credentials.forgive(id, "no_access");
    if (source.find(id)?.facts.login.state !== "no_access") return;
    source.changeFacts(id, (facts) => afterSignIn(facts, clock.now()));
  }

  return {
    async list() {
      const records = await store.accounts.list();
      return records.map((record) => ({ ...record, facts: source.find(record.id)?.facts ?? freshFacts }));
    },
    async update(ids, edit) {
      const missing = await change(ids, edit);
      if (missing.length > 0) return missing;
      await source.reload(ids);
      if (edit.status === "active") for (const id of ids) await forgive(id);
      return [];
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
    note: edit.note === undefined ? account.note : edit.note && plainText(edit.note),
    tags: edit.tags === undefined ? account.tags : tidy(edit.tags),
    priority: edit.priority ?? account.priority,
    mark: edit.mark ?? account.mark,
    maxInflight: edit.maxInflight === undefined ? account.maxInflight : edit.maxInflight,
    status: edit.status ?? account.status,
  };
}

function tidy(tags: readonly string[]): string[] {
  return [...new Set(tags.map((tag) => plainText(tag).trim()).filter((tag) => tag !== ""))];
}
