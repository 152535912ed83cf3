// What the user says about accounts and keys for the choice of accounts.

import type { Migration } from "../migrate.ts";

/** Lists are JSON arrays of text; an empty filter asks for nothing. A `max_inflight` of null leaves it to the setting. */
export const preferences: Migration = {
  version: 2,
  name: "preferences",
  sql: `
    alter table accounts add column priority integer not null default 0;
    alter table accounts add column mark text not null default 'normal'
      check (mark in ('normal', 'burn_first', 'preserve'));
    alter table accounts add column max_inflight integer;

    alter table platform_keys add column group_filter text not null default '[]';
    alter table platform_keys add column tag_filter text not null default '[]';
    alter table platform_keys add column plan_filter text not null default '[]';
    alter table platform_keys add column max_inflight integer not null default 0;
  `,
};
