import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../../kit/clock.ts";
import { migrate } from "../../migrate.ts";
import { openSqlite } from "../../sqlite.ts";
import { openRequestLog } from "../request-log.ts";
import { first } from "./0001-first.ts";

const noon = new Date(2026, 10, 21, 12).getTime();

function makeFirst(path: string): void {
  const database = openSqlite(path, "NORMAL");
  migrate({ database, path, migrations: [first], now: 1 });
  const columns = "id, trace_id, created_at, key_id, account_id, method, path, protocol, model, is_stream, status_code";
  const insert = database.prepare(
    `insert into requests (${columns}, duration_ms, skipped) values (?, ?, ?, 'k', 'a', 'POST', '/v1', 'responses', 'm', 0, ?, 5, ?)`,
  );
  insert.run(7, "t7", noon, 200, null);
  insert.run(8, "t8", noon + 1, 503, JSON.stringify([{ accountId: "b", reason: "disabled", until: null }]));
  database.exec(`insert into usage_quarters values (${noon}, 'k', 'a', 'm', 2, 10, 4, 3, 1, 99)`);
  database.close();
}

test("a log of the first schema is searched, summed and continued after the upgrade, and a copy of it stays", async () => {
  const directory = mkdtempSync(join(tmpdir(), "cxm-step-"));
  const path = join(directory, "requests.db");
  makeFirst(path);
  const log = await openRequestLog({ path, storePath: null, keptReadings: 0, clock: systemClock });
  const { items } = await log.list({ failedOnly: true, since: noon, limit: 5 });
  expect(items).toMatchObject([{ id: 8, traceId: "t8", clientModel: null, skippedCount: 1 }]);
  await log.catchUp();
  expect((await log.list({ query: "path:=/v1", limit: 5 })).items.map(({ id }) => id)).toEqual([8, 7]);
  const { groups } = await log.usage({ since: noon - 3 * 86_400_000, until: noon + 86_400_000, by: "day", limit: 5 });
  expect(groups).toMatchObject([
    { name: new Date(2026, 10, 21).getTime(), requests: 2, failures: 1, inputTokens: 10, costMicroUsd: 99 },
  ]);
  await log.close();
  expect(readdirSync(directory).filter((name) => name.includes("schema-1"))).toHaveLength(1);
  rmSync(directory, { recursive: true });
});
