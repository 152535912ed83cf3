// Makes the log flat at any size: an index for each filter, sums per day, and the state that the text index and the removal
// of old rows go by.

import type { Migration } from "../../migrate.ts";

/**
 * Rows are found and paged by id, the order in which requests ended; `id` is the last column of every index. The partial
 * indexes hold failures only, so that a request that went well pays for five. `request_hours` tells which ids requests that
 * began in an hour have. `text_parts` names the tables of the text index, each for a fixed range of ids.
 */
export const searchAndSums: Migration = {
  version: 2,
  name: "search-and-sums",
  sql: `
    alter table requests add column client_model text;
    alter table requests add column client_reasoning_effort text;
    alter table requests add column service_tier text;
    alter table requests add column skipped_count integer not null default 0;
    update requests set skipped_count = json_array_length(skipped) where skipped is not null;
    alter table requests add column status_class integer as (status_code / 100) virtual;
    alter table requests add column is_failed integer as
      (status_code <> 499 and (status_code >= 400 or error_code is not null)) virtual;

    drop index requests_age;
    create index requests_trace on requests (trace_id);
    create index requests_key on requests (key_id);
    create index requests_account on requests (account_id);
    create index requests_model on requests (model);
    create index requests_status on requests (status_code);
    create index requests_class on requests (status_class) where status_class <> 2;
    create index failures on requests (is_failed) where is_failed = 1;
    create index failures_key on requests (key_id) where is_failed = 1;
    create index failures_account on requests (account_id) where is_failed = 1;
    create index failures_model on requests (model) where is_failed = 1;

    create table request_hours (
      start_at bigint primary key,
      first_id bigint not null,
      last_id bigint not null
    ) without rowid;
    insert into request_hours
      select created_at / 3600000 * 3600000, min(id), max(id) from requests group by 1;

    alter table usage_quarters add column failures bigint not null default 0;
    update usage_quarters set failures = counted.failures from (
      select created_at / 900000 * 900000 as start_at, coalesce(key_id, '') as key_id, coalesce(account_id, '') as account_id,
        coalesce(upstream_model, model, '') as model, count(*) as failures
      from requests where is_failed = 1 group by 1, 2, 3, 4
    ) as counted
    where usage_quarters.start_at = counted.start_at and usage_quarters.key_id = counted.key_id
      and usage_quarters.account_id = counted.account_id and usage_quarters.model = counted.model;

    create table usage_days (
      start_at bigint not null,
      key_id text not null,
      account_id text not null,
      model text not null,
      requests bigint not null,
      failures bigint not null,
      input_tokens bigint not null,
      cached_input_tokens bigint not null,
      output_tokens bigint not null,
      reasoning_output_tokens bigint not null,
      cost_micro_usd bigint not null,
      primary key (start_at, key_id, account_id, model)
    ) without rowid;
    insert into usage_days
      select unixepoch(start_at / 1000, 'unixepoch', 'localtime', 'start of day', 'utc') * 1000, key_id, account_id, model,
        sum(requests), sum(failures), sum(input_tokens), sum(cached_input_tokens), sum(output_tokens),
        sum(reasoning_output_tokens), sum(cost_micro_usd)
      from usage_quarters group by 1, 2, 3, 4;

    create table text_parts (
      part integer primary key,
      indexed_through bigint not null
    );

    create table log_state (
      name text primary key,
      value bigint not null
    ) without rowid;
  `,
};
