import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../kit/clock.ts";
import { createAccounts } from "./accounts.ts";
import type { Accounts } from "./accounts.ts";
import { importAccounts } from "./import.ts";
import type { ImportFile } from "./import.ts";
import { jwt, openBench } from "./testing.ts";
import type { Bench } from "./testing.ts";

const codexFile = readFileSync(new URL("./fixtures/auth-0.169.json", import.meta.url), "utf8");
let bench: Bench;
let accounts: Accounts;

beforeEach(async () => {
  bench = await openBench();
  accounts = createAccounts({ ...bench, clock: systemClock });
});

afterEach(() => bench.close());

const run = (...files: (string | ImportFile)[]) =>
  importAccounts(
    { ...bench, clock: systemClock },
    files.map((file) => (typeof file === "string" ? { content: file } : file)),
  );

interface Made {
  readonly user?: string;
  readonly email?: string;
  readonly refresh?: string | null;
  readonly issuedAt?: number;
}

function login({ user = "user-1", email, refresh = "rt_1", issuedAt = 1_000 }: Made = {}): string {
  const auth = { chatgpt_user_id: user, chatgpt_account_id: "a" };
  const access = jwt({ iat: issuedAt, exp: issuedAt + 864_000, email, "https://api.openai.com/auth": auth });
  return JSON.stringify({ tokens: { access_token: access, refresh_token: refresh } });
}

const refreshTokenOf = async (id: string) => (await bench.store.credentials.find(id))?.tokens.refreshToken;

test("a Codex login becomes an account of the pool", async () => {
  const result = await run(codexFile);
  expect(result).toMatchObject({ total: 1, created: 1, updated: 0, failed: 0, errors: [] });
  const [id] = result.importedAccountIds;
  const [account] = await accounts.list();
  expect(account).toMatchObject({
    id,
    label: "dev@example.com",
    groupName: "IMPORT",
    sort: 5,
    status: "active",
    plan: "plus",
  });
  expect(bench.source.find(id!)).toMatchObject({ isEnabled: true, chatgptAccountId: "acc-1111", plan: "plus" });
});

test("importing again updates, and keeps what the user decided", async () => {
  const { importedAccountIds } = await run(login({ email: "old@example.com" }));
  const id = importedAccountIds[0]!;
  await accounts.update([id], {
    label: "Mine\u0007 \u202e",
    groupName: "team",
    sort: 77,
    priority: 9,
    mark: "preserve",
  });
  await accounts.update([id], { status: "disabled" });
  expect(await run(login({ email: "new@example.com", issuedAt: 2_000 }))).toMatchObject({ created: 0, updated: 1 });
  const [account] = await accounts.list();
  expect(account).toMatchObject({
    label: "Mine",
    priority: 9,
    mark: "preserve",
    groupName: "team",
    sort: 77,
    status: "disabled",
    email: "new@example.com",
  });
  expect(bench.source.find(id)).toMatchObject({ isEnabled: false });
});

test("a made-up label gives way to a better one, and new accounts go to the end", async () => {
  await run(login(), login({ user: "user-2", email: "two@example.com" }));
  expect((await accounts.list()).map(({ label, sort }) => [label, sort])).toEqual([
    ["Account 0001", 5],
    ["two@example.com", 10],
  ]);
  await run(login({ email: "one@example.com" }));
  expect((await accounts.list()).map(({ label }) => label)).toEqual(["one@example.com", "two@example.com"]);
});

test("only newer tokens replace those in the store", async () => {
  const { importedAccountIds } = await run(login({ issuedAt: 5_000, refresh: "rt_5" }));
  const id = importedAccountIds[0]!;
  await run(login({ issuedAt: 4_000, refresh: "rt_4" }));
  expect(await refreshTokenOf(id)).toBe("rt_5");
  await run(login({ issuedAt: 9_000, refresh: null }));
  expect(await refreshTokenOf(id)).toBe("rt_5");
  await run(login({ issuedAt: 6_000, refresh: "rt_6" }));
  expect(await refreshTokenOf(id)).toBe("rt_6");
});

test("after a refusal other tokens are taken at once and the login counts as good again; the refused ones are not", async () => {
  const { importedAccountIds } = await run(login({ issuedAt: 5_000, refresh: "rt_5" }));
  const id = importedAccountIds[0]!;
  const claim = { accountId: id, generation: 1, owner: "test" };
  await bench.store.credentials.claim(claim, 0, 1);
  await bench.store.credentials.release(claim, { state: "sign_in", code: "refresh_token_reused", at: 1 });
  await bench.source.load();
  expect(bench.source.find(id)?.facts.login.state).toBe("sign_in");
  await run(login({ issuedAt: 5_000, refresh: "rt_5" }));
  expect(bench.source.find(id)?.facts.login.state).toBe("sign_in");
  await run(login({ issuedAt: 4_000, refresh: "rt_4" }));
  expect(bench.source.find(id)?.facts.login.state).toBe("ok");
  expect(await bench.store.credentials.find(id)).toMatchObject({ refusal: null, tokens: { refreshToken: "rt_4" } });
});

test("bad items are counted by index and file, and stop nobody", async () => {
  const files = [
    { name: "a.json", content: login() },
    { name: "b\u001b[31m.json", content: "nonsense" },
    { name: "c.json", content: `[{"tokens":{}}, ${login({ user: "user-3" })}]` },
  ];
  const result = await run(...files);
  expect(result).toMatchObject({ total: 4, created: 2, failed: 2 });
  expect(result.errors).toEqual([
    { index: 2, message: expect.stringContaining("invalid JSON"), file: "b [31m.json" },
    { index: 3, message: "missing field: tokens.access_token", file: "c.json" },
  ]);
  expect((await run(JSON.stringify(Array.from({ length: 60 }, () => 1)))).errors).toHaveLength(50);
});

test("the same login twice in one call is one account", async () => {
  expect(await run(login(), login())).toMatchObject({ total: 2, created: 1, updated: 1 });
  expect(await accounts.list()).toHaveLength(1);
});

test("five thousand logins come in by one call, with progress", async () => {
  const content = Array.from({ length: 5_000 }, (_, at) => login({ user: `user-${at}`, refresh: `rt_${at}` })).join(
    "\n",
  );
  const seen: number[] = [];
  const onProgress = (done: number) => void seen.push(done);
  const result = await importAccounts({ ...bench, clock: systemClock, onProgress }, [{ content }]);
  expect(result).toMatchObject({ total: 5_000, created: 5_000, failed: 0 });
  expect(seen.length).toBeGreaterThan(10);
  expect(seen.at(-1)).toBe(5_000);
  expect(bench.source.list()).toHaveLength(5_000);
});

test("a removed account is gone for everybody", async () => {
  const { importedAccountIds } = await run(login());
  const id = importedAccountIds[0]!;
  const changes: unknown[] = [];
  bench.source.onChange((accountId, account) => void changes.push([accountId, account]));
  expect(await accounts.remove(id)).toBe(true);
  expect(changes).toEqual([[id, null]]);
  expect(await accounts.remove(id)).toBe(false);
  expect(await accounts.update([id], { sort: 1 })).toEqual([id]);
});
