// Credits for resets, from the refused account to the served request, through the real service.

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { faults, startWorld } from "../../src/demo/index.ts";
import { turnBody } from "../../src/demo/testing.ts";
import { VirtualClock } from "../../src/kit/virtual-clock.ts";
import { runCommand } from "./fake-terminal.ts";
import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

const HOUR = 3_600_000;
let clock: VirtualClock;
let running: Running;
let key: string;

beforeEach(async () => {
  clock = new VirtualClock(Date.now());
  const world = await startWorld({ clock });
  running = await runService({ clock, world });
  key = await running.createKey();
});
afterEach(async () => {
  await running.close();
  await running.world.close();
});

async function ask(): Promise<number> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await running.fetch("/v1/responses", {
    method: "POST",
    headers,
    body: JSON.stringify(turnBody("hi")),
  });
  await answer.text();
  return answer.status;
}

async function exhaustedAccount(resetCredits: number) {
  const families = [{ name: "bengalfox", windows: [{ lengthMinutes: 300, usedPercent: 100, resetsInMs: HOUR }] }];
  const anna = running.world.addAccount({ name: "anna", resetCredits, families });
  anna.exhaust({ lengthMinutes: 300, resetsInMs: 3 * HOUR });
  await running.importAccounts([anna]);
  const [item] = (await running.rpc("account/list")).items;
  expect(await ask()).toBe(429);
  clock.advance(1000);
  return { anna, accountId: item!.id };
}

test("a credit by command brings a refused account back", async () => {
  const { anna, accountId } = await exhaustedAccount(1);
  await running.rpc("account/usage/refresh", { accountId });
  expect((await running.rpc("account/usage/resetCredits")).items).toEqual([
    { accountId, available: 1, asOf: Math.floor(clock.now() / 1000) },
  ]);
  anna.fail(faults.serverError(502), { on: "reset-credits" });
  expect(await running.ask("account/usage/resetCredit/consume", { accountId })).toMatchObject({
    error: expect.stringContaining("502") as string,
  });
  clock.advance(1000);
  expect(await running.rpc("account/usage/resetCredit/consume", { accountId })).toEqual({
    accountId,
    code: "reset",
    windowsReset: 1,
  });
  expect(await ask()).toBe(200);
  expect((await running.rpc("account/list")).items[0]).toMatchObject({ state: "ready" });
  expect(await running.ask("account/usage/resetCredit/consume", { accountId })).toEqual({
    error: expect.stringContaining("no credit") as string,
  });
  const ids = running.world.requests.filter(({ path }) => path.endsWith("/consume")).map(({ body }) => String(body));
  expect(ids[1]).toBe(ids[0]);
});

test("the command names the account by its label and says what happened", async () => {
  const { anna } = await exhaustedAccount(2);
  const command = (...args: string[]) =>
    runCommand(["account", "reset-credit", ...args], { directory: running.directory });
  const { label } = (await running.rpc("account/list")).items[0]!;
  const redeemed = await command(label);
  expect(redeemed).toMatchObject({ exitCode: 0, out: expect.stringContaining("Credits left: 1") as string });
  expect(redeemed.out).toContain(`${label}: one credit was spent`);
  anna.exhaust();
  expect(JSON.parse((await command(label, "--json")).out)).toMatchObject({ code: "reset", available: 0 });
  expect(await command(label)).toMatchObject({ exitCode: 1, err: expect.stringContaining("no credit") as string });
  expect((await command("nobody")).exitCode).toBe(3);
});

test("what is known of every quota can be read", async () => {
  const { accountId } = await exhaustedAccount(0);
  const { snapshot } = await running.rpc("account/usage/read", { accountId });
  expect(snapshot).toMatchObject({
    source: "refusal",
    resetCredits: null,
    families: [
      { family: "codex", source: "refusal", windows: [{ windowMinutes: 300, usedPercent: 100 }, {}] },
      { family: "codex_bengalfox", windows: [{ windowMinutes: 300, usedPercent: 100 }] },
    ],
  });
});

test("a credit is redeemed by itself only when that is switched on", async () => {
  const { anna, accountId } = await exhaustedAccount(2);
  await running.rpc("account/usage/refresh", { accountId });
  clock.advance(120_000);
  expect(anna.resetCredits.available).toBe(2);
  await running.rpc("settings/set", { key: "routing.redeemsResetCredits", value: true });
  clock.advance(60_000);
  await vi.waitFor(() => expect(anna.resetCredits.available).toBe(1), 20_000);
  await vi.waitFor(async () => expect(await ask()).toBe(200), 20_000);
});
