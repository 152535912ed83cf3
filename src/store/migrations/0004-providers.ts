// Providers: upstreams that are asked with an API key, and the accounts that hold such keys.

import type { Migration } from "../migrate.ts";

/**
 * `terms` is JSON, `sealed` the encrypted JSON of what may hold secrets. A provider with a `key_id` serves that platform key
 * alone. An account without a provider is a login.
 */
export const providers: Migration = {
  version: 4,
  name: "providers",
  sql: `
    create table providers (
      id text primary key,
      name text not null,
      kind text not null,
      format text not null,
      base_url text not null,
      terms text not null,
      sealed blob not null,
      key_id text references platform_keys (id) on delete cascade,
      status text not null check (status in ('active', 'disabled')),
      sort bigint not null,
      created_at bigint not null,
      updated_at bigint not null
    );

    alter table accounts add column provider_id text references providers (id) on delete cascade;
    create index accounts_provider on accounts (provider_id) where provider_id is not null;
  `,
};
