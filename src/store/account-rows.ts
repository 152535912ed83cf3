// The accounts table: who each account is and what the user decided about it. Credentials and facts have files of their own.

import { CompiledQuery } from "kysely";
import type { Selectable } from "kysely";
import type { Mark } from "../pool/account.ts";
import type { AccountsTable, Connection } from "./schema.ts";

export interface AccountRecord {
  readonly id: string;
  readonly label: string;
  /** The label was made up by us, so a better one may replace it. */
  readonly hasPlaceholderLabel: boolean;
  readonly email: string | null;
  readonly plan: string | null;
  /** Name of the upstream kind, e.g. `chatgpt`. */
  readonly upstream: string;
  readonly issuer: string | null;
  /** With `chatgptAccountId` the identity: no two accounts share both. */
  readonly userId: string;
  readonly chatgptAccountId: string | null;
  readonly workspaceId: string | null;
  readonly groupName: string;
  readonly sort: number;
  readonly status: "active" | "disabled";
  readonly note: string | null;
  readonly tags: readonly string[];
  /** The user's preferences, as the pool knows them. */
  readonly priority: number;
  readonly mark: Mark;
  readonly maxInflight: number | null;
  /** The provider whose API key it holds; null for a login. */
  readonly providerId: string | null;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface AccountRows {
  /** In the user's order. */
  list(): Promise<AccountRecord[]>;
  find(id: string): Promise<AccountRecord | null>;
  /** Inserts, or replaces the account with this id. */
  put(account: AccountRecord): Promise<void>;
  /** Returns whether there was one; credentials and facts go with it. */
  remove(id: string): Promise<boolean>;
}

export function accountRows(db: Connection): AccountRows {
  let upsert: string | null = null;
  return {
    async list() {
      const rows = await db.selectFrom("accounts").selectAll().orderBy("sort").orderBy("updated_at", "desc").execute();
      return rows.map(toRecord);
    },
    async find(id) {
      const row = await db.selectFrom("accounts").selectAll().where("id", "=", id).executeTakeFirst();
      return row ? toRecord(row) : null;
    },
    async put(account) {
      const row = toRow(account);
      upsert ??= compileUpsert(db, row);
      await db.executeQuery(CompiledQuery.raw(upsert, Object.values(row)));
    },
    async remove(id) {
      const { numDeletedRows } = await db.deleteFrom("accounts").where("id", "=", id).executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

/** Compiling costs ten times what running does, and an import runs it thousands of times: all rows have the same columns. */
function compileUpsert(db: Connection, row: AccountsTable): string {
  const columns = Object.keys(row) as (keyof AccountsTable)[];
  const insertion = db.insertInto("accounts").values(row);
  const replacing = insertion.onConflict((conflict) =>
    conflict
      .column("id")
      .doUpdateSet((row) => Object.fromEntries(columns.map((column) => [column, row.ref(`excluded.${column}`)]))),
  );
  return replacing.compile().sql;
}

function toRecord(row: Selectable<AccountsTable>): AccountRecord {
  return {
    id: row.id,
    label: row.label,
    hasPlaceholderLabel: row.has_placeholder_label !== 0,
    email: row.email,
    plan: row.plan,
    upstream: row.upstream,
    issuer: row.issuer,
    userId: row.user_id,
    chatgptAccountId: row.chatgpt_account_id || null,
    workspaceId: row.workspace_id,
    groupName: row.group_name,
    sort: row.sort,
    status: row.status,
    note: row.note,
    tags: JSON.parse(row.tags) as string[],
    priority: row.priority,
    mark: row.mark,
    maxInflight: row.max_inflight,
    providerId: row.provider_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(account: AccountRecord): AccountsTable {
  return {
    id: account.id,
    label: account.label,
    has_placeholder_label: account.hasPlaceholderLabel ? 1 : 0,
    email: account.email,
    plan: account.plan,
    upstream: account.upstream,
    issuer: account.issuer,
    user_id: account.userId,
    chatgpt_account_id: account.chatgptAccountId ?? "",
    workspace_id: account.workspaceId,
    group_name: account.groupName,
    sort: account.sort,
    status: account.status,
    note: account.note,
    tags: JSON.stringify(account.tags),
    priority: account.priority,
    mark: account.mark,
    max_inflight: account.maxInflight,
    provider_id: account.providerId,
    created_at: account.createdAt,
    updated_at: account.updatedAt,
  };
}
