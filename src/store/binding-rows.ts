// The bindings table: which account each conversation stays on.

import type { DatabaseSync } from "node:sqlite";
import type { LazyTables } from "./lazy-tables.ts";
import type { Connection } from "./schema.ts";

export interface Binding {
  /** Hash of the conversation key. */
  readonly conversation: string;
  readonly accountId: string;
  /** Epoch ms. */
  readonly usedAt: number;
}

export interface BindingRows {
  find(conversation: string): Promise<Binding | null>;
  /** Written lazily; found at once. */
  save(binding: Binding): void;
  /** Forgets bindings last used before this instant (epoch ms); returns how many. */
  prune(before: number): Promise<number>;
}

const upsert = `
  insert into bindings (conversation, account_id, used_at) values (?, ?, ?)
  on conflict (conversation) do update set account_id = excluded.account_id, used_at = excluded.used_at`;

export function bindingRows(db: Connection, database: DatabaseSync, lazy: LazyTables): BindingRows {
  const columns = (_key: string, { conversation, accountId, usedAt }: Binding) => [conversation, accountId, usedAt];
  const table = lazy.table<Binding>(upsert, columns);
  const select = database.prepare("select account_id, used_at from bindings where conversation = ?");
  return {
    async find(conversation) {
      const waiting = table.waiting(conversation);
      if (waiting) return waiting;
      const row = select.get(conversation);
      if (!row) return null;
      return { conversation, accountId: String(row["account_id"]), usedAt: Number(row["used_at"]) };
    },
    save: (binding) => table.put(binding.conversation, binding),
    async prune(before) {
      const { numDeletedRows } = await db
        .deleteFrom("bindings")
        .where("used_at", "<", before)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}
