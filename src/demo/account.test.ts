import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DemoAccount } from "./account.ts";
import { postTurn, turnBody } from "./testing.ts";
import { VirtualClock } from "../kit/virtual-clock.ts";
import { startWorld, type World } from "./world.ts";

const HOUR = 3_600_000;
let clock: VirtualClock;
let world: World;

beforeEach(async () => {
  clock = new VirtualClock();
  world = await startWorld({ clock });
});
afterEach(() => world.close());

async function usage(account: DemoAccount): Promise<Record<string, unknown>> {
  const answer = await fetch(world.usageUrl, { headers: { authorization: `Bearer ${account.login.accessToken}` } });
  return (await answer.json()) as Record<string, unknown>;
}

describe("quota windows", () => {
  test("fill with turns, refuse when full, and are empty again after their time", async () => {
    const account = world.addAccount({ percentPerTurn: 40 });
    const statuses: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) statuses.push((await postTurn(world, account)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    clock.advance(5 * HOUR - 1);
    expect((await postTurn(world, account)).status).toBe(429);
    clock.advance(1);
    expect((await postTurn(world, account)).status).toBe(200);
    expect(account.windows().map((window) => Math.round(window.usedPercent))).toEqual([40, 27]);
  });

  test("tell in a refusal when the account serves again: the latest end of all full windows", async () => {
    const account = world.addAccount();
    account.exhaust({ lengthMinutes: 300, resetsInMs: HOUR });
    account.exhaust({ lengthMinutes: 10_080, resetsInMs: 48 * HOUR });
    const { text } = await postTurn(world, account);
    const resets_at = Math.floor((clock.now() + 48 * HOUR) / 1000);
    expect(JSON.parse(text)).toEqual({
      error: {
        type: "usage_limit_reached",
        message: "The usage limit has been reached",
        plan_type: "plus",
        resets_at,
        eligible_promo: null,
        resets_in_seconds: 172_800,
      },
    });
  });

  test.each([
    ["plus", [300, 10_080]],
    ["free", [43_200]],
    ["go", [10_080]],
  ] as const)("of plan %s are reported by usage and by headers in the same slots", async (plan, minutes) => {
    const account = world.addAccount({ plan });
    account.setUsed(25, { resetsInMs: HOUR });
    const { headers } = await postTurn(world, account);
    const { rate_limit } = await usage(account);
    expect(headers.get("x-codex-primary-window-minutes")).toBe(String(minutes[0]));
    expect(headers.get("x-codex-secondary-window-minutes")).toBe(minutes[1] ? String(minutes[1]) : null);
    expect(rate_limit).toMatchObject({
      allowed: true,
      limit_reached: false,
      primary_window: {
        used_percent: expect.any(Number) as number,
        limit_window_seconds: minutes[0] * 60,
        reset_after_seconds: 3_600,
      },
      secondary_window: minutes[1] ? { limit_window_seconds: minutes[1] * 60 } : null,
    });
  });

  test("beside the main one are told in headers and by usage, and refuse nothing", async () => {
    const windows = [{ lengthMinutes: 300, usedPercent: 100, resetsInMs: HOUR }];
    const account = world.addAccount({ families: [{ name: "bengalfox", title: "Spark", windows }] });
    const { status, headers } = await postTurn(world, account);
    expect(status).toBe(200);
    expect(headers.get("x-codex-bengalfox-limit-name")).toBe("Spark");
    expect(headers.get("x-codex-bengalfox-primary-used-percent")).toBe("100");
    expect(await usage(account)).toMatchObject({
      rate_limit: { limit_reached: false },
      additional_rate_limits: [
        { limit_name: "Spark", metered_feature: "codex_bengalfox", rate_limit: { limit_reached: true } },
      ],
    });
  });

  test("are reset for a credit, once for each redemption", async () => {
    const account = world.addAccount({ resetCredits: 1 });
    const redeem = async (redeem_request_id: string) => {
      const authorization = `Bearer ${account.login.accessToken}`;
      const url = `${world.origin}/backend-api/wham/rate-limit-reset-credits/consume`;
      const body = JSON.stringify({ redeem_request_id });
      return (await fetch(url, { method: "POST", headers: { authorization }, body })).json();
    };
    expect(await redeem("one")).toEqual({ code: "nothing_to_reset", windows_reset: 0 });
    account.exhaust();
    expect(await redeem("one")).toEqual({ code: "reset", windows_reset: 1 });
    expect(await redeem("one")).toMatchObject({ code: "already_redeemed" });
    expect(await redeem("two")).toMatchObject({ code: "no_credit" });
    expect((await postTurn(world, account)).status).toBe(200);
    expect(await usage(account)).toMatchObject({ rate_limit_reset_credits: { available_count: 0 } });
  });

  test("can be given, and a wrong length is an error of the test", () => {
    const account = world.addAccount({ windows: [{ lengthMinutes: 10_080, usedPercent: 80, resetsInMs: HOUR }] });
    expect(account.windows()).toEqual([{ lengthMinutes: 10_080, usedPercent: 80, resetsAt: clock.now() + HOUR }]);
    expect(() => account.exhaust({ lengthMinutes: 300 })).toThrow("has no window of 300 minutes");
  });
});

describe("credentials", () => {
  const ask = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${world.chatgptUrl}/responses`, { method: "POST", headers, body: JSON.stringify(turnBody("hi")) });
  const refused = async (headers: Record<string, string>): Promise<unknown> => {
    const answer = await ask(headers);
    return [answer.status, await answer.json()];
  };

  test.each([
    ["none", {}, { detail: "Unauthorized" }],
    ["no bearer", { authorization: "Basic x" }, { detail: "Unauthorized" }],
    [
      "no JWT",
      { authorization: "Bearer garbled" },
      { detail: "Could not parse your authentication token. Please try signing in again." },
    ],
  ])("%s: 401", async (_title, headers, body) => {
    expect(await refused(headers)).toEqual([401, body]);
  });

  test("of a stranger, invalidated, or expired are refused with their codes", async () => {
    const account = world.addAccount();
    const code = (token: string): Promise<unknown> => refused({ authorization: `Bearer ${token}` });
    const stranger = `${account.login.accessToken.slice(0, -4)}AAAA`;
    expect(await code(stranger)).toMatchObject([401, { error: { code: "token_invalidated" }, status: 401 }]);
    account.invalidateAccessTokens();
    expect(await code(account.login.accessToken)).toMatchObject([401, { error: { code: "token_invalidated" } }]);
    account.signIn();
    clock.advance(account.accessTokenLifeMs);
    expect(await code(account.login.accessToken)).toMatchObject([401, { error: { code: "token_expired" } }]);
    account.signIn();
    account.expireAccessTokens();
    expect(await code(account.login.accessToken)).toMatchObject([401, { error: { code: "token_expired" } }]);
  });

  test("with the wrong workspace are refused, with the right one or none they pass", async () => {
    const account = world.addAccount();
    const authorization = `Bearer ${account.login.accessToken}`;
    const status = async (id?: string): Promise<number> =>
      (await ask({ authorization, ...(id && { "chatgpt-account-id": id }) })).status;
    expect(await refused({ authorization, "chatgpt-account-id": "acc-0" })).toEqual([
      403,
      { detail: { code: "invalid_workspace_selected" } },
    ]);
    expect([await status(account.accountId), await status()]).toEqual([200, 200]);
  });

  test("of a deactivated account or workspace are refused until it is good again", async () => {
    const account = world.addAccount();
    account.standing = "deactivated";
    expect((await postTurn(world, account)).text).toContain('"code":"account_deactivated"');
    account.standing = "workspace-deactivated";
    expect((await postTurn(world, account)).status).toBe(402);
    account.standing = "good";
    expect((await postTurn(world, account)).status).toBe(200);
  });
});

test("identity is the same in every world, and different for every name", async () => {
  const twin = await startWorld();
  const [one, two] = [world.addAccount({ name: "anna" }), twin.addAccount({ name: "anna" })];
  expect([one.accountId, one.userId, one.email]).toEqual([two.accountId, two.userId, two.email]);
  expect(world.addAccount().accountId).not.toBe(one.accountId);
  await twin.close();
});

test("the accounts check names the workspace as Codex wants it", async () => {
  const account = world.addAccount({ plan: "team" });
  const answer = await fetch(`${world.origin}/backend-api/wham/accounts/check`, {
    headers: { authorization: `Bearer ${account.login.accessToken}` },
  });
  expect(await answer.json()).toMatchObject({
    accounts: [
      {
        id: account.accountId,
        plan_type: "team",
        structure: "workspace",
        is_deactivated: false,
        workspace_backend_origin: "NO_CONSTRAINT",
        account_routing_override: "NO_CONSTRAINT",
      },
    ],
    default_account_id: account.accountId,
    account_ordering: [account.accountId],
  });
});
