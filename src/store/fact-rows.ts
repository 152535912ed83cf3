// The account_facts table: the pool's facts of each account as JSON, kept across restarts.

import { freshFacts } from "../pool/account.ts";
import type { AccountFacts } from "../pool/account.ts";
import type { LazyTables } from "./lazy-tables.ts";
import type { Connection } from "./schema.ts";

export interface FactRows {
  /** Facts of every account that has some. */
  load(): Promise<Map<string, AccountFacts>>;
  /** Written lazily; the newest wins. Facts of an account that is gone are dropped. */
  save(accountId: string, facts: AccountFacts): void;
}

const upsert = `
  insert into account_facts (account_id, facts)
  select ?1, ?2 where exists (select 1 from accounts where id = ?1)
  on conflict (account_id) do update set facts = excluded.facts`;

export function factRows(db: Connection, lazy: LazyTables): FactRows {
  const table = lazy.table<AccountFacts>(upsert, (accountId, facts) => [accountId, JSON.stringify(facts)]);
  return {
    async load() {
      const rows = await db.selectFrom("account_facts").selectAll().execute();
      return new Map(rows.map((row) => [row.account_id, { ...freshFacts, ...(JSON.parse(row.facts) as object) }]));
    },
    save: (accountId, facts) => table.put(accountId, facts),
  };
}
