import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accountRecord } from "../store/testing.ts";
import { rotate } from "./rotation/rotate.ts";
import { accessToken, openBench, ScriptedIssuer, StoppedClock } from "./testing.ts";
import type { Bench } from "./testing.ts";
import { createTokens } from "./tokens.ts";
import type { Tokens } from "./tokens.ts";

const minute = 60_000;
const start = Date.UTC(2026, 10, 21);
let bench: Bench;
let clock: StoppedClock;
let issuer: ScriptedIssuer;
let tokens: Tokens;

beforeEach(async () => {
  clock = new StoppedClock(start);
  bench = await openBench(clock);
  issuer = new ScriptedIssuer(start + 60 * minute);
  tokens = open();
});

afterEach(() => bench.close());

function open(): Tokens {
  const { store, source } = bench;
  const options = { store, issuer, clock, owner: "test" };
  return createTokens({ store, source, clock, rotation: { rotate: (id, seen) => rotate(options, id, seen) } });
}

async function addAccount({ leftMs, refreshToken = "rt_1" }: { leftMs: number; refreshToken?: string | null }) {
  const expiresAt = start + leftMs;
  await bench.store.accounts.put(accountRecord({ id: "acc_1", label: "ann" }));
  const held = { accessToken: accessToken("1", expiresAt), refreshToken, idToken: null };
  await bench.store.credentials.put("acc_1", { tokens: held, expiresAt, refreshedAt: null });
  await bench.source.load();
  return held.accessToken;
}

const login = () => bench.source.find("acc_1")!.facts.login;

test("a token with time left is used as it is", async () => {
  const value = await addAccount({ leftMs: 6 * minute });
  expect(await tokens.current("acc_1")).toMatchObject({ ok: true, token: { value, expiresAt: start + 6 * minute } });
  expect(issuer.seen).toEqual([]);
});

test("a token about to expire is renewed once for all who ask, and is on disk before it is used", async () => {
  await addAccount({ leftMs: 4 * minute });
  const [first, second] = await Promise.all([tokens.current("acc_1"), tokens.current("acc_1")]);
  expect(first).toEqual(second);
  expect(issuer.seen).toEqual(["rt_1"]);
  const stored = await bench.store.credentials.find("acc_1");
  expect(first).toMatchObject({ ok: true, token: { value: stored?.tokens.accessToken } });
  expect(stored).toMatchObject({ generation: 2, claim: null, tokens: { refreshToken: "rt_2" }, refreshedAt: start });
});

test("what the issuer's answer leaves out stays as it was", async () => {
  await addAccount({ leftMs: 0 });
  const renewed = accessToken("new", start + 30 * minute);
  issuer.next.push({ kind: "renewed", accessToken: renewed, refreshToken: null, idToken: null, lifeMs: null });
  expect(await tokens.current("acc_1")).toMatchObject({ ok: true, token: { value: renewed } });
  expect((await bench.store.credentials.find("acc_1"))?.tokens.refreshToken).toBe("rt_1");
});

test("a token of unknown end is renewed after eight days", async () => {
  await bench.store.accounts.put(accountRecord({ id: "acc_1" }));
  const held = { accessToken: "opaque", refreshToken: "rt_1", idToken: null };
  await bench.store.credentials.put("acc_1", { tokens: held, expiresAt: null, refreshedAt: start });
  await bench.source.load();
  expect(await tokens.current("acc_1")).toMatchObject({ token: { value: "opaque" } });
  clock.advance(8 * 24 * 60 * minute + 1);
  expect(await tokens.current("acc_1")).not.toMatchObject({ token: { value: "opaque" } });
});

test("a rejected token is replaced, but not when somebody has replaced it already", async () => {
  const value = await addAccount({ leftMs: 60 * minute });
  const rejected = { accountId: "acc_1", value, expiresAt: null };
  const renewed = await tokens.renew("acc_1", rejected);
  expect(renewed).toMatchObject({ ok: true });
  expect(await tokens.renew("acc_1", rejected)).toEqual(renewed);
  expect(await tokens.current("acc_1")).toEqual(renewed);
  expect(issuer.seen).toEqual(["rt_1"]);
});

test("trouble on the way to the issuer blames no login, and a token with minutes left goes on serving", async () => {
  const value = await addAccount({ leftMs: 4 * minute });
  issuer.next.push({ kind: "unreachable", message: "down" });
  expect(await tokens.current("acc_1")).toMatchObject({ ok: true, token: { value } });
  expect(await tokens.current("acc_1")).toMatchObject({ ok: true });
  expect(issuer.seen).toEqual(["rt_1"]);
  expect(login().state).toBe("ok");
  clock.advance(11_000);
  issuer.seen.length = 0;
  expect(await tokens.current("acc_1")).not.toMatchObject({ token: { value } });
});

test("an expired token and no way to the issuer is a host failure", async () => {
  await addAccount({ leftMs: -1 });
  issuer.next.push({ kind: "unreachable", message: "down" });
  const failure = { code: "upstream_unreachable", class: "host", scope: "host", retry: "next" };
  expect(await tokens.current("acc_1")).toMatchObject({ ok: false, failure });
  expect(login().state).toBe("ok");
});

test("the issuer's final word is never asked for twice, not even after a restart, until new tokens come", async () => {
  await addAccount({ leftMs: -1 });
  issuer.next.push({ kind: "refused", state: "sign_in", code: "refresh_token_reused" });
  const failure = { code: "sign_in_required", class: "credential", scope: "account", retry: "next" };
  expect(await tokens.current("acc_1")).toMatchObject({ ok: false, failure });
  expect(login()).toEqual({ state: "sign_in", code: "refresh_token_reused", since: start });
  tokens = open();
  expect(await tokens.current("acc_1")).toMatchObject({ ok: false, failure });
  expect(await tokens.renew("acc_1", { accountId: "acc_1", value: "other", expiresAt: null })).toMatchObject({
    failure,
  });
  expect(issuer.seen).toEqual(["rt_1"]);

  await addAccount({ leftMs: -1, refreshToken: "rt_7" });
  await bench.source.reload(["acc_1"]);
  expect(await tokens.current("acc_1")).toMatchObject({ ok: true });
  expect(issuer.seen).toEqual(["rt_1", "rt_7"]);
});

test("a region refusal is told apart from a login that is spent", async () => {
  await addAccount({ leftMs: -1 });
  issuer.next.push({ kind: "refused", state: "no_access", code: "unsupported_country_region_territory" });
  expect(await tokens.current("acc_1")).toMatchObject({ ok: false, failure: { code: "workspace_denied" } });
  expect(login()).toMatchObject({ state: "no_access", code: "unsupported_country_region_territory" });
});

test("a login without refresh token serves until it expires, then asks for a new sign-in", async () => {
  const value = await addAccount({ leftMs: minute, refreshToken: null });
  expect(await tokens.current("acc_1")).toMatchObject({ ok: true, token: { value } });
  clock.advance(minute);
  expect(await tokens.current("acc_1")).toMatchObject({ ok: false, failure: { code: "sign_in_required" } });
  expect(login().state).toBe("sign_in");
  expect(issuer.seen).toEqual([]);
});

test("an account that is gone is an answer, not an exception", async () => {
  expect(await tokens.current("nobody")).toMatchObject({ ok: false, failure: { code: "sign_in_required" } });
});

describe("ahead of time", () => {
  const ahead = 10 * minute;

  test("a token with less left is due and renewed; one with more is neither", async () => {
    await addAccount({ leftMs: ahead - 1 });
    expect(await tokens.due(ahead)).toEqual(["acc_1"]);
    expect(await tokens.due(ahead - 1)).toEqual([]);
    expect(await tokens.renewAhead("acc_1", ahead - 1)).toBeNull();
    expect(await tokens.renewAhead("acc_1", ahead)).toMatchObject({ ok: true });
    expect(issuer.seen).toEqual(["rt_1"]);
    expect(await tokens.due(ahead)).toEqual([]);
    expect(await tokens.renewAhead("acc_1", ahead)).toBeNull();
  });

  test("a token of unknown end is due after eight days", async () => {
    await bench.store.accounts.put(accountRecord({ id: "acc_1" }));
    const held = { accessToken: "opaque", refreshToken: "rt_1", idToken: null };
    await bench.store.credentials.put("acc_1", { tokens: held, expiresAt: null, refreshedAt: start });
    expect(await tokens.due(ahead)).toEqual([]);
    clock.advance(8 * 24 * 60 * minute + 1);
    expect(await tokens.due(ahead)).toEqual(["acc_1"]);
  });

  test("a login that cannot be renewed is left as it is, though it ends soon", async () => {
    await addAccount({ leftMs: minute, refreshToken: null });
    expect(await tokens.renewAhead("acc_1", ahead)).toBeNull();
    expect(login().state).toBe("ok");
    expect(await tokens.renewAhead("nobody", ahead)).toBeNull();
  });

  test("trouble on the way is told although the token could still be used", async () => {
    await addAccount({ leftMs: 9 * minute });
    issuer.next.push({ kind: "unreachable", message: "down" });
    expect(await tokens.renewAhead("acc_1", ahead)).toMatchObject({ ok: false, failure: { class: "host" } });
    expect(login().state).toBe("ok");
  });

  test("what the issuer has refused for good is never due again", async () => {
    await addAccount({ leftMs: 9 * minute });
    issuer.next.push({ kind: "refused", state: "sign_in", code: "refresh_token_reused" });
    expect(await tokens.renewAhead("acc_1", ahead)).toMatchObject({ failure: { class: "credential" } });
    expect(login().state).toBe("sign_in");
    expect(await tokens.due(ahead)).toEqual([]);
    expect(await open().renewAhead("acc_1", ahead)).toBeNull();
    expect(issuer.seen).toEqual(["rt_1"]);
  });
});
