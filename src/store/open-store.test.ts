import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../kit/clock.ts";
import { freshFacts } from "../pool/account.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations/steps.ts";
import { openStore } from "./open-store.ts";
import type { Store } from "./open-store.ts";
import { openSqlite } from "./sqlite.ts";
import { accountRecord, newCredentials } from "./testing.ts";

let directory: string;
let path: string;
const opened: Store[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cxm-store-"));
  path = join(directory, "codexmanager.db");
});

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(directory, { recursive: true });
});

async function open(secretKey?: string): Promise<Store> {
  const store = await openStore({ path, clock: systemClock, secretKey });
  opened.push(store);
  return store;
}

async function closeAll(): Promise<void> {
  for (const store of opened.splice(0)) await store.close();
}

test("what was written is there after the store is opened again", async () => {
  const store = await open();
  const account = accountRecord({ id: "acc_1", chatgptAccountId: null, tags: ["a"] });
  await store.accounts.put(account);
  await store.credentials.put("acc_1", newCredentials("one"));
  await store.settings.put("route", { strategy: "balanced" }, 5);
  store.facts.save("acc_1", { ...freshFacts, health: { score: 40, succeededAt: 1, failedAt: 2, ramp: null } });
  store.bindings.save({ conversation: "c", accountId: "acc_1", usedAt: 7 });
  expect(await store.bindings.find("c")).toEqual({ conversation: "c", accountId: "acc_1", usedAt: 7 });
  await closeAll();

  const again = await open();
  expect(await again.accounts.list()).toEqual([account]);
  expect(await again.credentials.find("acc_1")).toMatchObject({ ...newCredentials("one"), generation: 1 });
  expect((await again.settings.list()).get("route")).toEqual({ strategy: "balanced" });
  expect((await again.facts.load()).get("acc_1")?.health.score).toBe(40);
  expect(await again.bindings.find("c")).toEqual({ conversation: "c", accountId: "acc_1", usedAt: 7 });
  expect(await again.bindings.find("d")).toBeNull();
  expect(await again.bindings.prune(8)).toBe(1);
});

test("removing an account removes its credentials, and late facts for it are dropped", async () => {
  const store = await open();
  await store.accounts.put(accountRecord({ id: "acc_1" }));
  await store.credentials.put("acc_1", newCredentials("one"));
  expect(await store.accounts.remove("acc_1")).toBe(true);
  expect(await store.accounts.remove("acc_1")).toBe(false);
  store.facts.save("acc_1", freshFacts);
  store.bindings.save({ conversation: "c", accountId: "acc_2", usedAt: 7 });
  await store.flush();
  expect(await store.credentials.find("acc_1")).toBeNull();
  expect((await store.facts.load()).size).toBe(0);
});

test("two accounts cannot share one identity", async () => {
  const store = await open();
  await store.accounts.put(accountRecord({ id: "acc_1", userId: "u", chatgptAccountId: null }));
  await expect(store.accounts.put(accountRecord({ id: "acc_2", userId: "u", chatgptAccountId: null }))).rejects.toThrow(
    /UNIQUE/,
  );
});

test("a transaction that throws leaves nothing behind, and a lazy write beside it survives", async () => {
  const store = await open();
  const work = store.transaction(async (rows) => {
    await rows.accounts.put(accountRecord({ id: "acc_1" }));
    store.bindings.save({ conversation: "c", accountId: "acc_1", usedAt: 7 });
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error("stop");
  });
  const flushed = store.flush();
  await expect(work).rejects.toThrow("stop");
  await flushed;
  await store.flush();
  await closeAll();
  const again = await open();
  expect(await again.accounts.list()).toEqual([]);
  expect(await again.bindings.find("c")).not.toBeNull();
});

test("files are private, and no token can be read in them", async () => {
  const store = await open();
  await store.accounts.put(accountRecord({ id: "acc_1" }));
  await store.credentials.put("acc_1", newCredentials("very-secret"));
  for (const name of readdirSync(directory)) {
    expect(statSync(join(directory, name)).mode & 0o077, name).toBe(0);
    expect(readFileSync(join(directory, name)).includes("very-secret"), name).toBe(false);
  }
});

test("an empty database gets every step, a present one is copied before an upgrade, and nothing is done twice", async () => {
  await open();
  await closeAll();
  expect(readdirSync(directory).filter((name) => name.includes("backup"))).toEqual([]);

  const database = openSqlite(path, "FULL");
  const next = { version: migrations.length + 1, name: "next", sql: "create table later (id text)" };
  const copy = migrate({ database, path, migrations: [...migrations, next], now: 99 });
  expect(copy).toBe(`${path}.schema-${migrations.length}.99.backup`);
  expect(migrate({ database, path, migrations: [...migrations, next], now: 100 })).toBeNull();
  database.close();
  const before = new DatabaseSync(copy!);
  expect(before.prepare("select max(version) as v from schema_steps").get()?.["v"]).toBe(migrations.length);
  before.close();
});

test("what was stored before preferences were known is kept, with none", async () => {
  const database = openSqlite(path, "FULL");
  migrate({ database, path, migrations: migrations.slice(0, 1), now: 1 });
  database.exec(`
    insert into accounts (id, label, upstream, user_id, group_name, sort, status, created_at, updated_at)
      values ('acc_1', 'Anna', 'chatgpt', 'u', 'team', 5, 'active', 1, 1);
    insert into platform_keys (id, hash, sealed, protocol_type, status, created_at)
      values ('gk_1', 'h', x'00', 'openai_compat', 'active', 1);`);
  database.close();
  const store = await open();
  const none = { priority: 0, mark: "normal", maxInflight: null };
  expect(await store.accounts.list()).toMatchObject([{ id: "acc_1", label: "Anna", sort: 5, ...none }]);
  const all = { groupFilter: [], tagFilter: [], planFilter: [], maxInflight: 0 };
  expect(await store.keys.list()).toMatchObject([{ id: "gk_1", ...all }]);
});

test("a failing step leaves the schema as it was", async () => {
  await open();
  await closeAll();
  const database = openSqlite(path, "FULL");
  const broken = {
    version: migrations.length + 1,
    name: "broken",
    sql: "create table later (id text); select * from nowhere",
  };
  expect(() => migrate({ database, path, migrations: [...migrations, broken], now: 1 })).toThrow(/nowhere/);
  database.close();
  await expect(open()).resolves.toBeDefined();
});

test("a database of a newer program is refused with what to do", async () => {
  await open();
  await closeAll();
  const database = new DatabaseSync(path);
  database.exec("insert into schema_steps values (99, 'future', 0)");
  database.close();
  await expect(open()).rejects.toMatchObject({ problem: "newer", message: expect.stringContaining("schema 99") });
});

test("a foreign or damaged file is refused and not touched", async () => {
  const foreign = new DatabaseSync(path);
  foreign.exec("create table schema_migrations (version text primary key)");
  foreign.close();
  await expect(open()).rejects.toMatchObject({ problem: "foreign" });

  path = join(directory, "damaged.db");
  writeFileSync(path, "this is not a database, it only looks like a file of one".repeat(20));
  const before = readFileSync(path);
  await expect(open()).rejects.toMatchObject({ problem: "corrupt", message: expect.stringContaining(path) });
  expect(readFileSync(path)).toEqual(before);
});

test("a directory that cannot be made is told as unwritable", async () => {
  writeFileSync(join(directory, "file"), "");
  path = join(directory, "file", "codexmanager.db");
  await expect(open()).rejects.toMatchObject({ problem: "unwritable" });
});

test("a wrong, malformed or missing key is refused", async () => {
  await open();
  await closeAll();
  await expect(open("ab".repeat(32))).rejects.toMatchObject({ problem: "wrong_key" });
  await expect(open("short")).rejects.toMatchObject({ problem: "invalid_key" });
  const keyFile = join(directory, "codexmanager.key");
  const key = readFileSync(keyFile, "utf8");
  await expect(open(key)).resolves.toBeDefined();
  await closeAll();
  writeFileSync(keyFile, "garbage");
  await expect(open()).rejects.toMatchObject({ problem: "invalid_key" });
  rmSync(keyFile);
  await expect(open()).rejects.toMatchObject({ problem: "missing_key" });
});
