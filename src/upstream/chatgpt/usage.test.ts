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
    readings: [{ plan: "plus", source: "poll", at: 1_000, credits: { hasCredits: true, balance: "3.00" } }],
  });
  expect(answer.kind === "read" && answer.readings[0]?.windows.map((window) => window.minutes)).toEqual([300, 10_080]);
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
  expect(parseUsage({ rate_limit: { primary_window, secondary_window } }, 5_000)[0]).toEqual({
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
  expect(parseUsage({ rate_limit: { primary_window, secondary_window: null } }, 0)[0]?.windows).toHaveLength(1);
  expect(parseUsage({}, 0)).toMatchObject([{ family: "codex", windows: [], isLimitReached: false }]);
});

test("other quotas, credits for resets and a limit that is reached are told", () => {
  const primary_window = { used_percent: 100, limit_window_seconds: 18_000, reset_at: 2_000 };
  const readings = parseUsage(
    {
      rate_limit: { limit_reached: true, allowed: true },
      rate_limit_reset_credits: { available_count: 2 },
      additional_rate_limits: [
        { limit_name: "GPT-5.3-Codex-Spark", metered_feature: "codex_bengalfox", rate_limit: { primary_window } },
        { limit_name: "Other Thing", rate_limit: { allowed: false } },
        { limit_name: "nothing told", rate_limit: null },
        null,
      ],
    },
    0,
  );
  expect(readings).toMatchObject([
    { family: "codex", windows: [], isLimitReached: true, resetCredits: 2 },
    { family: "codex_bengalfox", windows: [{ minutes: 300, usedPercent: 100 }], resetCredits: null },
    { family: "other_thing", windows: [], isLimitReached: true },
  ]);
  expect(readings).toHaveLength(3);
  expect(parseUsage({ additional_rate_limits: null, rate_limit_reset_credits: null }, 0)).toHaveLength(1);
});

test("the address follows the original's rules", () => {
  expect(usageUrl("https://chatgpt.com/")).toBe("https://chatgpt.com/backend-api/wham/usage");
  expect(usageUrl("http://127.0.0.1:1/backend-api")).toBe("http://127.0.0.1:1/backend-api/wham/usage");
  expect(usageUrl("https://relay.example")).toBe("https://relay.example/api/codex/usage");
});
