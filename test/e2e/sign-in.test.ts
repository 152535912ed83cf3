// Signing in, from the first call to the account in the pool, through the real service and the simulated issuer.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { InputOf, ResultOf } from "../../src/contract/rpc/table.ts";
import { startWorld } from "../../src/demo/index.ts";
import { VirtualClock } from "../../src/kit/virtual-clock.ts";
import { startCommand } from "./fake-terminal.ts";
import { type Running, runService } from "./running-service.ts";

let clock: VirtualClock;
let running: Running;

beforeEach(async () => {
  clock = new VirtualClock(Date.now());
  running = await open();
});
afterEach(async () => {
  await running.close();
  await running.world.close();
});

async function open(env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const world = await startWorld({ clock });
  return runService({ clock, world, env: { CODEXMANAGER_LOGIN_ADDR: "localhost:0", ...env } });
}

async function reopen(env: Readonly<Record<string, string>>): Promise<void> {
  await running.close();
  await running.world.close();
  running = await open(env);
}

const begin = (params: InputOf<"account/login/start"> = {}) => running.rpc("account/login/start", params);
/** Asked as it is: a failed sign-in tells its `error` in a good answer. */
const statusOf = async (loginId: string) =>
  (await running.ask("account/login/status", { loginId })) as ResultOf<"account/login/status">;
const accounts = async () => (await running.rpc("account/list")).items;

/** What the issuer sends the browser back to. */
async function consent(authUrl: string): Promise<string> {
  const answer = await fetch(authUrl, { redirect: "manual" });
  return answer.headers.get("location") ?? "";
}

describe("by the browser", () => {
  test("the account is in the pool when the browser has come back", async () => {
    const anna = running.world.addAccount({ name: "anna" });
    running.world.signInAs(anna);
    const { authUrl, loginId, warning } = await begin({ note: "work", tags: ["a", "b"], groupName: "team" });
    expect(warning).toBeNull();
    expect(await statusOf(loginId)).toMatchObject({ status: "pending", error: null });

    const page = await fetch(authUrl, { headers: { "accept-language": "zh-CN" } });

    expect(page.status).toBe(200);
    expect(await page.text()).toContain("登录成功");
    const [account] = await accounts();
    expect(account).toMatchObject({
      email: anna.email,
      note: "work",
      tags: ["a", "b"],
      groupName: "team",
    });
    expect(await statusOf(loginId)).toMatchObject({ status: "success", accountId: account?.id });
  });

  test("the same login imported later is the same account", async () => {
    const anna = running.world.addAccount();
    running.world.signInAs(anna);
    await fetch((await begin()).authUrl);

    await running.importAccounts([anna]);

    expect(await accounts()).toHaveLength(1);
  });

  test("the issuer's no is told in the browser and to whoever asks", async () => {
    const { authUrl, loginId, redirectUri } = await begin();
    const state = new URL(authUrl).searchParams.get("state") ?? "";

    const page = await fetch(`${redirectUri}?error=access_denied&error_description=Not%20today&state=${state}`);

    expect(page.status).toBe(500);
    expect(await page.text()).toContain("Not today");
    expect(await statusOf(loginId)).toMatchObject({ status: "failed", error: "Not today" });
  });

  test("a code that is not the issuer's fails and leaves no account", async () => {
    const { authUrl, loginId, redirectUri } = await begin();
    const state = new URL(authUrl).searchParams.get("state") ?? "";

    await fetch(`${redirectUri}?code=made-up&state=${state}`);

    expect(await statusOf(loginId)).toMatchObject({
      status: "failed",
      error: expect.stringContaining("code") as string,
    });
    expect(await accounts()).toEqual([]);
  });

  test("an answer to a sign-in that nobody has begun is refused", async () => {
    const { redirectUri } = await begin();

    expect((await fetch(`${redirectUri}?code=c&state=another`)).status).toBe(400);
    expect((await fetch(redirectUri)).status).toBe(400);
    expect((await fetch(redirectUri.replace("/auth/callback", "/elsewhere"))).status).toBe(404);
  });

  test("the answer may also come to the service's own address", async () => {
    const anna = running.world.addAccount();
    running.world.signInAs(anna);
    const back = new URL(await consent((await begin()).authUrl));

    const page = await running.fetch(`/auth/callback${back.search}`);

    expect(page.status).toBe(200);
    expect(await accounts()).toHaveLength(1);
  });

  test("a newer sign-in ends the older, whose code is then worth nothing", async () => {
    running.world.signInAs(running.world.addAccount());
    const first = await begin();
    const back = await consent(first.authUrl);
    const second = await begin();

    await fetch(back);

    expect(await statusOf(first.loginId)).toMatchObject({ status: "cancelled" });
    expect(await statusOf(second.loginId)).toMatchObject({ status: "pending" });
    expect(await accounts()).toEqual([]);
  });

  test("it is given up after fifteen minutes, and on demand", async () => {
    const first = await begin();
    clock.advance(15 * 60_000);
    expect(await statusOf(first.loginId)).toMatchObject({ status: "expired" });
    const second = await begin();
    await running.rpc("account/login/cancel", { loginId: second.loginId });
    expect(await statusOf(second.loginId)).toMatchObject({ status: "cancelled" });
    expect(await running.ask("account/login/cancel", { loginId: second.loginId })).toMatchObject({ ok: false });
  });
});

describe("when another program has the port", () => {
  let other: Server;
  beforeEach(async () => {
    other = createServer((_request, response) => response.end());
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    await reopen({ CODEXMANAGER_LOGIN_ADDR: `localhost:${(other.address() as AddressInfo).port}` });
    running.world.signInAs(running.world.addAccount());
  });
  afterEach(() => new Promise((resolve) => other.close(resolve)));

  test.each([
    ["the whole address", (back: string) => back],
    ["one without its scheme", (back: string) => back.replace("http://", "")],
    ["what follows its question mark", (back: string) => back.split("?")[1] ?? ""],
  ])("%s can be pasted", async (_what, cut) => {
    const { authUrl, loginId, warning } = await begin();
    expect(warning).toMatch(/paste/);

    await running.rpc("account/login/complete", { url: cut(await consent(authUrl)) });

    expect(await statusOf(loginId)).toMatchObject({ status: "success" });
    expect(await accounts()).toHaveLength(1);
  });

  test("state and code can be given as the original's page does", async () => {
    const back = new URL(await consent((await begin()).authUrl));
    const [state, code] = [back.searchParams.get("state"), back.searchParams.get("code")];

    expect(await running.ask("account/login/complete", { state, code })).toEqual({ ok: true });
    expect(await running.ask("account/login/complete", { state: "s" })).toEqual({
      ok: false,
      error: "missing code/state",
    });
  });
});

describe("by a code typed in anywhere", () => {
  test("the account is in the pool once somebody has approved", async () => {
    const anna = running.world.addAccount();
    const { device, loginId } = await begin({ type: "device" });
    expect(device?.verificationUrl).toBe(`${running.world.issuerUrl}/codex/device`);
    const asked = running.world.nextRequest(({ path }) => path === "/api/accounts/deviceauth/token");
    clock.advance(1000);
    await asked;
    running.world.approveDevice(device?.userCode ?? "", anna);
    await expect
      .poll(async () => {
        clock.advance(1000);
        return (await statusOf(loginId)).status;
      })
      .toBe("success");
    expect(await accounts()).toHaveLength(1);
  });

  test("a workspace that does not allow it is told so at once", async () => {
    running.world.setDeviceSignIn(false);

    expect(await running.ask("account/login/start", { type: "device" })).toMatchObject({
      error: expect.stringContaining("browser") as string,
    });
  });
});

describe("an account that has to sign in again", () => {
  test("takes its own login and comes back", async () => {
    const anna = running.world.addAccount();
    await running.importAccounts([anna]);
    const [before] = await accounts();
    running.world.signInAs(anna);

    await fetch((await begin({ accountId: before?.id })).authUrl);

    await expect.poll(async () => (await accounts()).map(({ state }) => state)).toEqual(["ready"]);
    expect((await accounts()).map(({ id }) => id)).toEqual([before?.id]);
  });

  test("refuses the login of somebody else", async () => {
    const [anna, ben] = [running.world.addAccount({ name: "anna" }), running.world.addAccount({ name: "ben" })];
    await running.importAccounts([anna]);
    const [before] = await accounts();
    running.world.signInAs(ben);
    const { authUrl, loginId } = await begin({ accountId: before?.id });

    await fetch(authUrl);

    expect(await statusOf(loginId)).toMatchObject({
      status: "failed",
      error: expect.stringContaining(ben.email) as string,
    });
    expect(await accounts()).toHaveLength(1);
  });
});

test("the callback listens beyond this machine only when that is allowed", async () => {
  await reopen({ CODEXMANAGER_LOGIN_ADDR: "0.0.0.0:0" });
  expect((await begin()).warning).toContain("CODEXMANAGER_ALLOW_NON_LOOPBACK_LOGIN_ADDR");
});

describe("cxm account login", () => {
  test("prints the address, waits, and tells who has signed in", async () => {
    const anna = running.world.addAccount({ name: "anna" });
    running.world.signInAs(anna);
    const command = startCommand(["account", "login"], { directory: running.directory });

    const told = await command.line(/oauth\/authorize/);
    await fetch(/http\S+/.exec(told)?.[0] ?? "");

    expect(await command.ended).toMatchObject({ exitCode: 0, out: expect.stringContaining(anna.email) as string });
  });

  test("by code prints the code, and gives the sign-in up when it is stopped", async () => {
    const command = startCommand(["account", "login", "--code"], { directory: running.directory });
    await command.line(/DEMO-\d+/);

    command.signal();

    expect(await command.ended).toMatchObject({ exitCode: 1 });
    expect(await accounts()).toEqual([]);
  });
});
