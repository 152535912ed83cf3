import { afterAll, beforeAll, expect, test } from "vitest";
import { faults } from "../../demo/index.ts";
import { startWorld } from "../../demo/world.ts";
import type { World } from "../../demo/world.ts";
import { createTransport } from "../transport.ts";
import { consumeUrl, createResetRedeemer } from "./reset-credits.ts";
import type { ResetRedeemer } from "./reset-credits.ts";

const transport = createTransport({ connectTimeoutMs: 1_000, proxies: [], environment: {} });
let world: World;
let redeemer: ResetRedeemer;

beforeAll(async () => {
  world = await startWorld();
  const upstreamUrl = `${world.origin}/backend-api`;
  redeemer = createResetRedeemer({ transport, upstreamUrl, userAgent: "codexmanager/0", timeoutMs: 2_000 });
});

afterAll(async () => {
  await transport.close();
  await world.close();
});

function requestOf(account: ReturnType<World["addAccount"]>) {
  const { access_token: accessToken } = account.authJson().tokens;
  return { accountId: "acc_1", accessToken, chatgptAccountId: account.accountId };
}

test("says what came of a redemption in the upstream's words", async () => {
  const account = world.addAccount({ resetCredits: 1 });
  account.exhaust();
  const redeem = (id: string) => redeemer.redeem(requestOf(account), id);
  expect(await redeem("one")).toEqual({ kind: "answered", code: "reset", windowsReset: 1 });
  expect(await redeem("one")).toMatchObject({ kind: "answered", code: "already_redeemed" });
  expect(await redeem("two")).toMatchObject({ kind: "answered", code: "no_credit" });
});

test("tells a refused token from a host in trouble", async () => {
  const account = world.addAccount({ resetCredits: 1 });
  account.fail(faults.tokenExpired(), { on: "reset-credits" });
  expect(await redeemer.redeem(requestOf(account), "one")).toMatchObject({ kind: "unauthorized", status: 401 });
  account.fail(faults.cloudflareChallenge(), { on: "reset-credits" });
  expect(await redeemer.redeem(requestOf(account), "one")).toMatchObject({ kind: "unreachable" });
  expect(account.resetCredits.available).toBe(1);
});

test("the endpoint stands beside that of the usage", () => {
  const end = "rate-limit-reset-credits/consume";
  expect(consumeUrl("https://chatgpt.com")).toBe(`https://chatgpt.com/backend-api/wham/${end}`);
  expect(consumeUrl("https://relay.example")).toBe(`https://relay.example/api/codex/${end}`);
});
