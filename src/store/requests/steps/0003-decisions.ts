// What was decided for each request, beside who served it.

import type { Migration } from "../../migrate.ts";

export const decisions: Migration = {
  version: 3,
  name: "decisions",
  sql: `
    alter table requests add column commit_ms integer;
    alter table requests add column candidates text;
  `,
};
