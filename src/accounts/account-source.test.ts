import { afterEach, beforeEach, expect, test } from "vitest";

import type { AccountFacts } from "../pool/account.ts";
import { freshFacts } from "../pool/account.ts";
import type { Bench } from "./testing.ts";
import { jwt, openBench } from "./testing.ts";
import { importAccounts } from "./import.ts";
import { systemClock } from "../kit/clock.ts";

let bench: Bench;
let id: string;
beforeEach(async () => {
  bench = await openBench();
  await bench.source.load();
  const auth = { user_id: "user-1", chatgpt_account_id: "acc-1" };
  const tokens = { access_token: jwt({ exp: 9e9, "https://api.openai.com/auth": auth }), refresh_token: "rt_1" };
  const result = await importAccounts({ ...bench, clock: systemClock }, [{ content: JSON.stringify({ tokens }) }]);
  id = result.importedAccountIds[0] ?? "";
});
afterEach(() => bench.close());

const worse: AccountFacts = { ...freshFacts, health: { ...freshFacts.health, score: 50 } };

test("facts the pool saves are told to those who listen for facts alone", () => {
  const changes: string[] = [];
  const facts: number[][] = [];
  bench.source.onChange((accountId) => void changes.push(accountId));
  const stop = bench.source.onFacts(
    (account, before) => void facts.push([before.health.score, account.facts.health.score]),
  );
  bench.source.save(id, worse);
  expect([changes, facts]).toEqual([[], [[100, 50]]]);
  bench.source.changeFacts(id, () => freshFacts);
  expect([changes, facts]).toEqual([
    [id],
    [
      [100, 50],
      [50, 100],
    ],
  ]);
  stop();
  bench.source.save(id, worse);
  expect(facts).toHaveLength(2);
  expect(bench.source.find(id)?.facts).toBe(worse);
});

test("what the store holds of an account is at hand until it is removed", async () => {
  expect(bench.source.record(id)).toMatchObject({ id, status: "active", chatgptAccountId: "acc-1" });
  await bench.store.accounts.remove(id);
  await bench.source.reload([id]);
  expect(bench.source.record(id)).toBe(null);
});
