import type { Migration } from "../migrate.ts";

/** Instants are epoch ms; an empty string in an identity column means "none", because NULLs are never equal. */
export const first: Migration = {
  version: 1,
  name: "first",
  sql: `
    create table accounts (
      id text primary key,
      label text not null,
      has_placeholder_label integer not null default 0,
      email text,
      plan text,
      upstream text not null,
      issuer text,
      user_id text not null,
      chatgpt_account_id text not null default '',
      workspace_id text,
      group_name text not null,
      sort bigint not null,
      status text not null check (status in ('active', 'disabled')),
      note text,
      tags text not null default '[]',
      created_at bigint not null,
      updated_at bigint not null
    );
    create unique index accounts_identity on accounts (user_id, chatgpt_account_id);
    create index accounts_order on accounts (sort, updated_at desc);

    create table credentials (
      account_id text primary key references accounts (id) on delete cascade,
      sealed blob not null,
      generation bigint not null,
      access_token_expires_at bigint,
      last_refresh_at bigint,
      claim_owner text,
      claim_until bigint,
      refused_state text check (refused_state in ('sign_in', 'no_access')),
      refused_code text,
      refused_at bigint
    );
    create index credentials_end on credentials (access_token_expires_at, last_refresh_at) where refused_state is null;

    create table account_facts (
      account_id text primary key references accounts (id) on delete cascade,
      facts text not null
    );

    create table platform_keys (
      id text primary key,
      hash text not null unique,
      sealed blob not null,
      name text,
      protocol_type text not null,
      upstream_base_url text,
      static_headers_json text,
      model_slug text,
      reasoning_effort text,
      status text not null check (status in ('active', 'disabled')),
      created_at bigint not null,
      last_used_at bigint
    );

    create table settings (
      key text primary key,
      value text not null,
      updated_at bigint not null
    );

    create table bindings (
      conversation text primary key,
      account_id text not null,
      used_at bigint not null
    );
    create index bindings_age on bindings (used_at);

    create table secret_check (
      id integer primary key check (id = 1),
      sealed blob not null
    );
  `,
};
