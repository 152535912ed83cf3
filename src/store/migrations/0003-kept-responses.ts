// The answers that clients may refer to by an id instead of sending them again.

import type { Migration } from "../migrate.ts";

/**
 * A key is no foreign key: an answer may end after its key was removed, and then must not spoil the batch it is in.
 * `bytes` is the size of both blobs, so that the age index alone tells what has to go. The input stands last: of most answers
 * it is not read.
 */
export const keptResponses: Migration = {
  version: 3,
  name: "kept-responses",
  sql: `
    create table kept_responses (
      key_id text not null,
      id text not null,
      account_id text not null,
      conversation text,
      bytes bigint not null,
      created_at bigint not null,
      answer blob not null,
      input blob not null,
      primary key (key_id, id)
    );
    create index kept_responses_age on kept_responses (created_at desc, key_id, id, bytes);

    create table kept_items (
      key_id text not null,
      id text not null,
      response_id text not null,
      primary key (key_id, id),
      foreign key (key_id, response_id) references kept_responses (key_id, id) on delete cascade
    );
    create index kept_items_response on kept_items (key_id, response_id);
  `,
};
