// The first schema of requests.db: requests, what was used per quarter of an hour, and the history of readings.

import type { Migration } from "../../migrate.ts";

/**
 * Instants are epoch ms. `usage_quarters` sums what `requests` holds per quarter of an hour (so that days of every time
 * zone can be cut from it) and outlives it: clearing the log does not change what was used.
 */
export const first: Migration = {
  version: 1,
  name: "first",
  sql: `
    create table requests (
      id integer primary key,
      trace_id text not null,
      created_at bigint not null,
      key_id text,
      account_id text,
      first_account_id text,
      method text not null,
      path text not null,
      protocol text not null,
      conversation text,
      model text,
      upstream_model text,
      reasoning_effort text,
      is_stream integer not null,
      upstream_url text,
      status_code integer not null,
      error_code text,
      error text,
      input_tokens bigint,
      cached_input_tokens bigint,
      output_tokens bigint,
      reasoning_output_tokens bigint,
      total_tokens bigint,
      cost_micro_usd bigint,
      first_byte_ms integer,
      duration_ms integer not null,
      route_reason text,
      attempts text,
      skipped text,
      lost text
    );
    create index requests_age on requests (created_at);

    create table usage_quarters (
      start_at bigint not null,
      key_id text not null,
      account_id text not null,
      model text not null,
      requests bigint not null,
      input_tokens bigint not null,
      cached_input_tokens bigint not null,
      output_tokens bigint not null,
      reasoning_output_tokens bigint not null,
      cost_micro_usd bigint not null,
      primary key (start_at, key_id, account_id, model)
    ) without rowid;

    create table readings (
      id integer primary key,
      account_id text not null,
      at bigint not null,
      reading text not null
    );
    create index readings_account on readings (account_id, id);
  `,
};
