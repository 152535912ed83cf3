import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DemoAccount } from "./account.ts";
import { faults } from "./fault-list.ts";
import type { Fault } from "./faults.ts";
import { challengeOf } from "./sign-in.ts";
import { postTurn } from "./testing.ts";
import { CODEX_CLIENT_ID } from "./token.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
let account: DemoAccount;

beforeEach(async () => {
  world = await startWorld();
  account = world.addAccount({ name: "anna", plan: "pro" });
});
afterEach(() => world.close());

type Answer = { status: number; body: Record<string, unknown> };

async function post(path: string, fields: Record<string, string>, isForm = false): Promise<Answer> {
  const answer = await fetch(world.issuerUrl + path, {
    method: "POST",
    headers: isForm ? {} : { "content-type": "application/json" },
    body: isForm ? new URLSearchParams(fields) : JSON.stringify(fields),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

function refresh(token: string, isForm = false): Promise<Answer> {
  const fields = { client_id: CODEX_CLIENT_ID, grant_type: "refresh_token", refresh_token: token };
  return post("/oauth/token", fields, isForm);
}

function claims(token: unknown): Record<string, Record<string, unknown>> {
  const payload = Buffer.from((token as string).split(".")[1] ?? "", "base64url").toString();
  return JSON.parse(payload) as Record<string, Record<string, unknown>>;
}

describe("refreshing", () => {
  test.each([
    ["JSON", false],
    ["a form", true],
  ])("by %s rotates the refresh token and gives tokens that work", async (_title, isForm) => {
    const before = account.login;
    const { status, body } = await refresh(before.refreshToken, isForm);
    expect(status).toBe(200);
    expect(body["refresh_token"]).not.toBe(before.refreshToken);
    expect(body).toMatchObject({ token_type: "Bearer", expires_in: 864_000 });
    expect(account.authJson().tokens.access_token).toBe(body["access_token"]);
    expect(account.refreshes).toBe(1);
    expect((await postTurn(world, account)).status).toBe(200);
  });

  test("gives tokens with the real issuer's claims", async () => {
    const { body } = await refresh(account.login.refreshToken);
    const auth = {
      chatgpt_account_id: account.accountId,
      chatgpt_plan_type: "pro",
      chatgpt_user_id: account.userId,
    };
    expect(claims(body["access_token"])["https://api.openai.com/auth"]).toMatchObject(auth);
    expect(claims(body["id_token"])).toMatchObject({ email: "anna@example.com", "https://api.openai.com/auth": auth });
  });

  test("with a spent token is refused, and the new one still works", async () => {
    const first = account.login.refreshToken;
    await refresh(first);
    expect(await refresh(first)).toMatchObject({ status: 401, body: { error: { code: "refresh_token_reused" } } });
    expect((await refresh(account.login.refreshToken)).status).toBe(200);
  });

  test("with a spent token ends the whole sign-in where the world says so", async () => {
    const severe = await startWorld({ revokesFamilyOnReuse: true });
    const who = severe.addAccount();
    const ask = (token: string): Promise<Response> =>
      fetch(`${severe.issuerUrl}/oauth/token`, {
        method: "POST",
        body: JSON.stringify({ client_id: CODEX_CLIENT_ID, grant_type: "refresh_token", refresh_token: token }),
      });
    const first = who.login.refreshToken;
    await (await ask(first)).text();
    await (await ask(first)).text();
    expect(await (await ask(who.login.refreshToken)).json()).toMatchObject({
      error: { code: "refresh_token_invalidated" },
    });
    await severe.close();
  });

  test.each([
    ["expired", "refresh_token_expired"],
    ["invalidated", "refresh_token_invalidated"],
    ["used", "refresh_token_reused"],
  ] as const)("after the session is %s is refused until the next sign-in", async (state, code) => {
    account.endSession(state);
    expect(await refresh(account.login.refreshToken)).toMatchObject({ status: 401, body: { error: { code } } });
    account.signIn();
    expect((await refresh(account.login.refreshToken)).status).toBe(200);
  });

  test("with an unknown, an empty token or an unknown client is refused", async () => {
    expect(await refresh("rt_nobody")).toMatchObject({ status: 401, body: { error: { code: "token_expired" } } });
    expect(await refresh("")).toMatchObject({ status: 400, body: { error: { code: "empty_string" } } });
    const stranger = { client_id: "x", grant_type: "refresh_token", refresh_token: account.login.refreshToken };
    expect(await post("/oauth/token", stranger)).toMatchObject({ status: 400, body: { error: "invalid_client" } });
  });

  test.each<[string, Fault, number, object]>([
    ["a reused token", faults.refreshReused(), 401, { error: { code: "refresh_token_reused" } }],
    ["an expired token", faults.refreshExpired(), 401, { error: { code: "refresh_token_expired" } }],
    ["an invalidated token", faults.refreshInvalidated(), 401, { error: { code: "refresh_token_invalidated" } }],
    ["an invalid grant", faults.invalidGrant(), 400, { error: "invalid_grant" }],
    ["a blocked region", faults.regionBlocked(), 403, { error: { code: "unsupported_country_region_territory" } }],
  ])("can be made to fail as %s without spending the token", async (_title, fault, status, body) => {
    account.fail(fault, { on: "token" });
    expect(await refresh(account.login.refreshToken)).toMatchObject({ status, body });
    expect((await refresh(account.login.refreshToken)).status).toBe(200);
  });

  test("can lose its answer after the token was spent", async () => {
    const before = account.login;
    account.fail(faults.lostAnswer(), { on: "token" });
    await expect(refresh(before.refreshToken)).rejects.toThrow("fetch failed");
    expect(account.login).not.toEqual(before);
    expect(await refresh(before.refreshToken)).toMatchObject({ body: { error: { code: "refresh_token_reused" } } });
  });
});

describe("signing in by browser", () => {
  const redirect = "http://127.0.0.1:1455/auth/callback";

  async function authorize(change: Record<string, string> = {}): Promise<Response> {
    const query = new URLSearchParams({
      response_type: "code",
      client_id: CODEX_CLIENT_ID,
      redirect_uri: redirect,
      scope: "openid profile email offline_access",
      code_challenge: challengeOf("my verifier"),
      code_challenge_method: "S256",
      state: "my state",
      ...change,
    });
    return fetch(`${world.issuerUrl}/oauth/authorize?${query.toString()}`, { redirect: "manual" });
  }

  function redeem(code: string, verifier = "my verifier"): Promise<Answer> {
    const fields = { grant_type: "authorization_code", client_id: CODEX_CLIENT_ID, redirect_uri: redirect };
    return post("/oauth/token", { ...fields, code, code_verifier: verifier }, true);
  }

  async function code(): Promise<string> {
    const target = new URL((await authorize()).headers.get("location") ?? "");
    expect(`${target.origin}${target.pathname}`).toBe(redirect);
    expect(target.searchParams.get("state")).toBe("my state");
    return target.searchParams.get("code") ?? "";
  }

  test("sends the browser back with a code that is good once, for the chosen account", async () => {
    const bert = world.addAccount({ name: "bert" });
    world.signInAs(bert);
    const granted = await code();
    const { status, body } = await redeem(granted);
    expect(status).toBe(200);
    expect(claims(body["id_token"])["email"]).toBe("bert@example.com");
    expect(bert.login.refreshToken).toBe(body["refresh_token"]);
    expect(await redeem(granted)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  test("refuses a verifier that does not match the challenge", async () => {
    expect(await redeem(await code(), "another")).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  test.each([
    ["a foreign redirect", { redirect_uri: "https://evil.example/auth/callback" }],
    ["a plain challenge", { code_challenge_method: "plain" }],
    ["an unknown client", { client_id: "x" }],
  ])("refuses %s", async (_title, change) => {
    expect((await authorize(change)).status).toBe(400);
  });

  test("an id token can be exchanged for an API key", async () => {
    const { status, body } = await post(
      "/oauth/token",
      {
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        client_id: CODEX_CLIENT_ID,
        requested_token: "openai-api-key",
        subject_token: account.login.idToken,
        subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      },
      true,
    );
    expect([status, body["access_token"]]).toEqual([200, expect.stringMatching(/^sk-/)]);
  });

  test("an unknown grant type is refused", async () => {
    expect(await post("/oauth/token", { grant_type: "password" })).toMatchObject({ status: 400 });
  });
});

describe("signing in by device code", () => {
  const begin = (): Promise<Answer> => post("/api/accounts/deviceauth/usercode", { client_id: CODEX_CLIENT_ID });
  const poll = (started: Answer): Promise<Answer> =>
    post("/api/accounts/deviceauth/token", {
      device_auth_id: started.body["device_auth_id"] as string,
      user_code: started.body["user_code"] as string,
    });

  test("waits for approval, then yields a code to redeem", async () => {
    const started = await begin();
    expect(started.body).toMatchObject({ user_code: "DEMO-0001", interval: "1" });
    expect((await poll(started)).status).toBe(403);
    expect(world.approveDevice("DEMO-0001", account)).toBe(true);
    const { body } = await poll(started);
    const redeemed = await post(
      "/oauth/token",
      {
        grant_type: "authorization_code",
        client_id: CODEX_CLIENT_ID,
        redirect_uri: `${world.issuerUrl}/deviceauth/callback`,
        code: body["authorization_code"] as string,
        code_verifier: body["code_verifier"] as string,
      },
      true,
    );
    expect(redeemed.status).toBe(200);
    expect((await poll(started)).status).toBe(404);
  });

  test("can be switched off, and knows no strangers", async () => {
    expect(world.approveDevice("DEMO-9999", account)).toBe(false);
    world.setDeviceSignIn(false);
    expect((await begin()).status).toBe(404);
  });
});

test("a revoked sign-in can neither be refreshed nor used", async () => {
  await post("/oauth/revoke", { token: account.login.refreshToken });
  await post("/oauth/revoke", { token: account.login.accessToken });
  expect(await refresh(account.login.refreshToken)).toMatchObject({
    body: { error: { code: "refresh_token_invalidated" } },
  });
  expect((await postTurn(world, account)).status).toBe(401);
});
