// The tables of requests.db behind prepared statements. Synchronous, so it belongs into a thread of its own.

import type { DatabaseSync } from "node:sqlite";
import type { Reading } from "../../pool/account.ts";
import { parseLogQuery } from "./log-query.ts";
import type { ListQuery, LogPage, ReadingQuery, UsageSummary } from "./messages.ts";
import { requestColumns, toLoggedRequest } from "./request-row.ts";
import type { RowValue } from "./request-row.ts";
import { usageOf } from "./usage-sums.ts";

const prunedAtOnce = 5_000;

const insertRequest = `insert into requests (${requestColumns.join(", ")})
  values (${requestColumns.map(() => "?").join(", ")})`;

const addUsage = `
  insert into usage_quarters values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict do update set
    requests = requests + excluded.requests,
    input_tokens = input_tokens + excluded.input_tokens,
    cached_input_tokens = cached_input_tokens + excluded.cached_input_tokens,
    output_tokens = output_tokens + excluded.output_tokens,
    reasoning_output_tokens = reasoning_output_tokens + excluded.reasoning_output_tokens,
    cost_micro_usd = cost_micro_usd + excluded.cost_micro_usd`;

const sumUsage = `
  select coalesce(sum(requests), 0) as requests,
    coalesce(sum(input_tokens), 0) as inputTokens,
    coalesce(sum(cached_input_tokens), 0) as cachedInputTokens,
    coalesce(sum(output_tokens), 0) as outputTokens,
    coalesce(sum(reasoning_output_tokens), 0) as reasoningOutputTokens,
    coalesce(sum(cost_micro_usd), 0) as costMicroUsd
  from usage_quarters where start_at >= ? and start_at < ?`;

/** `requests.length` is a multiple of the number of columns: rows one after another. */
export interface LogBatch {
  readonly requests: readonly RowValue[];
  readonly readings: readonly { readonly accountId: string; readonly reading: Reading }[];
}

export interface LogTables {
  write(batch: LogBatch): void;
  list(query: ListQuery): LogPage;
  clear(): void;
  /** Sums the quarters that start in [since, until). */
  summary(since: number, until: number): UsageSummary;
  /** Newest first. */
  readings(query: ReadingQuery): Reading[];
  /** Removes requests older than `before` (epoch ms); returns how many. */
  prune(before: number): number;
}

/** `keptReadings` per account; 0 keeps all. */
export function logTables(database: DatabaseSync, keptReadings: number): LogTables {
  const request = database.prepare(insertRequest);
  const usage = database.prepare(addUsage);
  const sum = database.prepare(sumUsage);
  const reading = database.prepare("insert into readings (account_id, at, reading) values (?, ?, ?)");
  const dropReadings = database.prepare(`
    delete from readings where account_id = ?1 and id <=
      (select id from readings where account_id = ?1 order by id desc limit 1 offset ?2)`);
  const dropRequests = database.prepare(
    "delete from requests where id in (select id from requests where created_at < ? order by created_at limit ?)",
  );
  return {
    write({ requests, readings }) {
      database.exec("begin immediate");
      try {
        const rows = requestsOf(requests);
        for (const row of rows) request.run(...row);
        for (const sums of usageOf(rows)) usage.run(...sums);
        for (const each of readings) reading.run(each.accountId, each.reading.at, JSON.stringify(each.reading));
        const accounts = keptReadings > 0 ? new Set(readings.map((each) => each.accountId)) : [];
        for (const accountId of accounts) dropReadings.run(accountId, keptReadings);
        database.exec("commit");
      } catch (error) {
        if (database.isTransaction) database.exec("rollback");
        throw error;
      }
    },
    list({ query = "", limit, cursor = null }) {
      const { sql, values } = parseLogQuery(query);
      const page = cursor === null ? "" : "and id < ?";
      const statement = database.prepare(`select * from requests where ${sql} ${page} order by id desc limit ?`);
      const items = statement.all(...values, ...(cursor === null ? [] : [cursor]), limit).map(toLoggedRequest);
      return { items, cursor: items.length === limit ? (items.at(-1)?.id ?? null) : null };
    },
    clear: () => database.exec("delete from requests"),
    summary: (since, until) => ({ ...sum.get(since, until) }) as unknown as UsageSummary,
    readings({ accountId, limit }) {
      const select = "select reading from readings where account_id = ? order by id desc limit ?";
      return database
        .prepare(select)
        .all(accountId, limit)
        .map((row) => JSON.parse(String(row["reading"])) as Reading);
    },
    prune(before) {
      let total = 0;
      for (;;) {
        const { changes } = dropRequests.run(before, prunedAtOnce);
        total += Number(changes);
        if (Number(changes) < prunedAtOnce) return total;
      }
    },
  };
}

function requestsOf(values: readonly RowValue[]): RowValue[][] {
  const width = requestColumns.length;
  return Array.from({ length: values.length / width }, (_, at) => values.slice(at * width, (at + 1) * width));
}
