// Which requests were paid for because no login could serve them.

import type { Migration } from "../../migrate.ts";

export const paidFallback: Migration = {
  version: 4,
  name: "paid-fallback",
  sql: "alter table requests add column is_paid_fallback integer not null default 0;",
};
