import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "../migrate.ts";
import { openSqlite } from "../sqlite.ts";
import { planList, tableSql, textSql } from "./list-plan.ts";
import { requestLogSteps } from "./steps.ts";
import { TextIndex } from "./text-index.ts";
import { usageSql } from "./usage-tables.ts";

type Filter = Parameters<typeof planList>[0];

let directory: string;
let database: DatabaseSync;
let textTable: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "cxm-plan-"));
  const path = join(directory, "requests.db");
  database = openSqlite(path, "NORMAL");
  migrate({ database, path, migrations: requestLogSteps, now: 0 });
  const text = new TextIndex(database);
  text.follow(2, 1);
  textTable = text.partOf(1)!.table;
});

afterAll(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

/** What SQLite says it will do. */
function explain(sql: string): string {
  const rows = database.prepare(`explain query plan ${sql}`).all();
  return rows.map((row) => String(row["detail"])).join("; ");
}

const byId = /^SEARCH r USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)$/;

describe("a page of the log", () => {
  test.each<[Filter, string]>([
    [{ accountId: "a" }, "requests_account (account_id=?"],
    [{ keyId: "k" }, "requests_key (key_id=?"],
    [{ model: "m" }, "requests_model (model=?"],
    [{ statusClass: 5 }, "requests_class (status_class=?"],
    [{ failedOnly: true }, "failures (is_failed=?"],
    [{ failedOnly: true, keyId: "k" }, "failures_key (key_id=?"],
    [{ failedOnly: true, model: "m" }, "failures_model (model=?"],
    [{ failedOnly: true, accountId: "a", statusClass: 4, since: 1 }, "failures_account (account_id=?"],
    [{ accountId: "a", keyId: "k", since: 1, until: 2 }, "requests_account (account_id=?"],
    [{ query: "status:404" }, "requests_status (status_code=?"],
    [{ query: "trace:=t" }, "requests_trace (trace_id=?"],
    [{ query: "key:=k" }, "requests_key (key_id=?"],
  ])("%j goes by its index in the order of ids", (filter, index) => {
    const how = explain(tableSql(planList(filter), ["id"]));
    expect(how).toMatch(/^SEARCH r USING (COVERING )?INDEX /);
    expect(how).toContain(`INDEX ${index} AND rowid>? AND rowid<?)`);
    expect(how).not.toContain("B-TREE");
  });

  test.each<[Filter]>([[{}], [{ since: 1 }], [{ statusClass: 2 }], [{ query: "ab" }]])(
    "%j walks a range of ids",
    (filter) => {
      expect(explain(tableSql(planList(filter), ["id"]))).toMatch(byId);
    },
  );

  test.each<[Filter]>([
    [{ query: "limit reached" }],
    [{ query: "path:responses" }],
    [{ query: "method:=POST" }],
    [{ query: 'a "quoted" word', accountId: "acc_1", failedOnly: true, since: 5 }],
  ])("%j asks the text index, and rows by their ids", (filter) => {
    const how = explain(textSql(planList(filter), ["id"], textTable));
    expect(how).toMatch(
      /^SCAN t VIRTUAL TABLE INDEX \d+:M\d*[<>]*.*; SEARCH r USING INTEGER PRIMARY KEY \(rowid=\?\)$/,
    );
  });

  test("an index that leads to every row of the page is walked without slices", () => {
    expect(planList({ accountId: "a" }).isExact).toBe(true);
    expect(planList({ failedOnly: true, accountId: "a" }).isExact).toBe(true);
    expect(planList({}).isExact).toBe(true);
    expect(planList({ accountId: "a", keyId: "k" }).isExact).toBe(false);
    expect(planList({ accountId: "a", since: 1 }).isExact).toBe(false);
    expect(planList({ statusClass: 2 }).isExact).toBe(false);
  });
});

test("the text index is asked for three characters after the other, in the columns meant", () => {
  expect(planList({ query: "model:gpt-5" }).match).toBe('{model} : ("gpt" AND "t-5")');
  expect(planList({ query: 'error:é"ab' }).match).toBe('{error error_code} : ("é""a" AND """ab")');
  expect(planList({ query: "path:/v1", keyId: "gk_12" }).match).toBe(
    '{path} : ("/v1") AND {key_id} : ("gk_" AND "_12")',
  );
  expect(planList({ query: "ab" })).toMatchObject({ match: null, isShort: true });
});

test("sums are read from ranges of their tables", () => {
  const query = { since: 1, until: 9, by: null, limit: 1, accountId: "a" } as const;
  const how = explain(usageSql(query, { from: 3, to: 6 }).sql);
  expect(how.match(/SEARCH usage_(quarters|days) USING PRIMARY KEY \(start_at>\? AND start_at<\?\)/g)).toHaveLength(3);
  expect(how).not.toContain("SCAN");
});

test.each([
  "select min(id) from requests",
  "select * from requests where trace_id = ? and id > ? order by id desc limit 1",
  "delete from requests where id in (select id from requests where id >= ? and id < ? and created_at < ? order by id limit ?)",
])("%s scans nothing", (sql) => {
  expect(explain(sql)).not.toMatch(/SCAN requests|B-TREE/);
});
