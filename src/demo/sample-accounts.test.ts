import { afterAll, beforeAll, expect, test } from "vitest";
import type { DemoAccount } from "./account.ts";
import { sampleAccounts } from "./sample-accounts.ts";
import { postTurn } from "./testing.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
let accounts: DemoAccount[];

beforeAll(async () => {
  world = await startWorld();
  accounts = sampleAccounts(world);
});
afterAll(() => world.close());

test("the sample accounts answer as their states say", async () => {
  const answers: Record<string, number> = {};
  for (const account of accounts) {
    answers[account.name] = await postTurn(world, account).then(
      (turn) => turn.status,
      () => 0,
    );
  }
  expect(answers).toEqual({
    anna: 200,
    bert: 200,
    clara: 200,
    "anna-studio": 200,
    emil: 200,
    greta: 200,
    dora: 429,
    hugo: 429,
    fritz: 200,
    lars: 503,
    ida: 401,
    jan: 401,
    kira: 402,
    mia: 403,
  });
});

test("one person can be in two workspaces", () => {
  const [anna, studio] = ["anna", "anna-studio"].map((name) => accounts.find((account) => account.name === name));
  expect(studio?.userId).toBe(anna?.userId);
  expect(studio?.accountId).not.toBe(anna?.accountId);
});
