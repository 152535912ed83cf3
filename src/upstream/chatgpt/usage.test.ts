import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorld } from "../../demo/world.ts";
import type { World } from "../../demo/world.ts";
import { createTransport } from "../transport.ts";
import { createUsageReader, parseUsage, usageUrl } from "./usage.ts";
import type { UsageReader } from "./usage.ts";

const transport = createTransport({ connectTimeoutMs: 1_000, proxies: [], environment: {} });
let world: World;
let reader: UsageReader;

beforeAll(async () => {
  world = await startWorld();
  const upstreamUrl = `${world.origin}/backend-api`;
  reader = createUsageReader({ transport, upstreamUrl, userAgent: "codexmanager/0", timeoutMs: 2_000 });
});

afterAll(async () => {
  await transport.close();
  await world.close();
});

test("reads windows, plan and credits of an account", async () => {
  const account = world.addAccount({ name: "ann", plan: "plus", creditBalance: 3 });
  const request = {
    accountId: "acc_1",
    accessToken: account.authJson().tokens.access_token,
    chatgptAccountId: account.accountId,
  };
  const answer = await reader.read(request, 1_000);
  expect(answer).toMatchObject({
    kind: "read",
    reading: { plan: "plus", source: "poll", at: 1_000, credits: { hasCredits: true, balance: "3.00" } },
  });
  expect(answer.kind === "read" && answer.reading.windows.map((window) => window.minutes)).toEqual([300, 10_080]);
});

test("a refused token is told with its code", async () => {
  const account = world.addAccount({ name: "bob" });
  account.standing = "deactivated";
  const { access_token: accessToken } = account.authJson().tokens;
  const request = { accountId: "acc_1", accessToken, chatgptAccountId: null };
  expect(await reader.read(request, 0)).toEqual({ kind: "unauthorized", status: 401, code: "account_deactivated" });
});

test("windows are told apart by length, in seconds or from now, and a missing one is left out", () => {
  const primary_window = { used_percent: 120, limit_window_seconds: 604_800, reset_after_seconds: 60 };
  const secondary_window = { used_percent: 30, limit_window_seconds: 18_001, reset_at: 2_000 };
  expect(parseUsage({ rate_limit: { primary_window, secondary_window } }, 5_000)).toEqual({
    family: "codex",
    isLimitReached: false,
    resetCredits: null,
    windows: [
      { minutes: 301, usedPercent: 30, resetsAt: 2_000_000 },
      { minutes: 10_080, usedPercent: 100, resetsAt: 65_000 },
    ],
    plan: null,
    credits: null,
    source: "poll",
    at: 5_000,
  });
  expect(parseUsage({ rate_limit: { primary_window, secondary_window: null } }, 0).windows).toHaveLength(1);
  expect(parseUsage({}, 0).windows).toEqual([]);
});

test("the address follows the original's rules", () => {
  expect(usageUrl("https://chatgpt.com/")).toBe("https://chatgpt.com/backend-api/wham/usage");
  expect(usageUrl("http://127.0.0.1:1/backend-api")).toBe("http://127.0.0.1:1/backend-api/wham/usage");
  expect(usageUrl("https://relay.example")).toBe("https://relay.example/api/codex/usage");
});
