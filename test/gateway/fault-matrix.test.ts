// Every fault an account or the upstream can have, before anything has reached the client: as long as one account is
// healthy, the client sees nothing of it.

import { afterEach, describe, expect, test } from "vitest";
import { type DemoAccount, type Fault, faults, type FaultTerms } from "../../src/demo/index.ts";
import { type BareGateway, type BareGatewayOptions, startBareGateway } from "./bare-gateway.ts";
import { sendTurn, turnBody } from "./turn.ts";

let gateway: BareGateway;
afterEach(() => gateway.close());

async function start(names: readonly string[], options: BareGatewayOptions = {}): Promise<DemoAccount[]> {
  gateway = await startBareGateway({ accounts: names, ...options });
  return [...gateway.accounts];
}

const always: FaultTerms = { times: Number.POSITIVE_INFINITY };

/** What the request's row says of each try: the account and why it came to nothing. */
async function story(): Promise<string[]> {
  const { attempts } = await gateway.row(1);
  return attempts.map(({ accountId, code }) => `${accountId} ${code ?? "ok"}`);
}

describe("an account that cannot serve is left behind before anything reaches the client", () => {
  const leavesAtOnce: ReadonlyArray<readonly [string, Fault, string]> = [
    ["a used-up quota, as 429", faults.usageLimit(), "usage_limit_reached"],
    ["a used-up quota, as 400", faults.usageLimit400(), "usage_limit_reached"],
    ["a used-up quota told inside a 200 stream", faults.usageLimitInStream(), "usage_limit_reached"],
    ["a used-up quota told by an error event", faults.usageLimitErrorEvent(), "usage_limit_reached"],
    ["a burst limit with retry-after", faults.rateLimit({ retryAfterSeconds: 30 }), "rate_limit_exceeded"],
    ["a burst limit that names no time", faults.rateLimitDetail(), "rate_limit_exceeded"],
    ["a burst limit inside a stream", faults.rateLimitInStream(), "rate_limit_exceeded"],
    ["no credit", faults.insufficientQuota(), "insufficient_quota"],
    ["a plan without Codex", faults.usageNotIncluded(), "usage_not_included"],
    ["a deactivated account", faults.accountDeactivated(), "account_deactivated"],
    ["a deactivated workspace", faults.workspaceDeactivated(), "account_deactivated"],
    ["a workspace without access", faults.workspaceDenied(), "workspace_denied"],
    ["a challenge page", faults.cloudflareChallenge(), "upstream_challenge"],
  ];
  test.each(leavesAtOnce)("%s", async (_title, fault, code) => {
    const [first] = await start(["ann", "bob"]);
    first?.fail(fault, always);
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
    expect(await story()).toEqual([`ann ${code}`, "bob ok"]);
  });

  const leavesAfterTrying: ReadonlyArray<readonly [string, Fault, string]> = [
    ["status 500", faults.serverError(500), "upstream_error"],
    ["a proxy's error page", faults.htmlError(502), "upstream_error"],
    ["an overloaded model", faults.overloaded(), "server_is_overloaded"],
    ["an overload told only in words", faults.atCapacity(), "server_is_overloaded"],
    ["a connection that breaks before the headers", faults.resetBeforeHeaders(), "upstream_unreachable"],
    ["a stream that breaks before it says anything", faults.resetAfterHeaders(), "upstream_stream_truncated"],
  ];
  test.each(leavesAfterTrying)("%s, after trying the same account again", async (_title, fault, code) => {
    const [first] = await start(["ann", "bob"], { routing: { attemptsPerAccount: 2 } });
    first?.fail(fault, always);
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
    expect(await story()).toEqual([`ann ${code}`, `ann ${code}`, "bob ok"]);
  });

  test("four limited accounts in a row, the fifth serves", async () => {
    const accounts = await start(["ann", "bob", "cid", "dan", "eve"]);
    for (const account of accounts.slice(0, 4)) account.fail(faults.usageLimit());
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
    expect((await story()).at(-1)).toBe("eve ok");
  });

  test("an upstream that does not answer in time costs one wait, not the request", async () => {
    const [first] = await start(["ann", "bob"], { gateway: { firstByteTimeoutMs: 50 } });
    first?.fail(faults.stallBeforeHeaders());
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
    expect(await story()).toEqual(["ann upstream_timeout", "bob ok"]);
  });

  test("at most two tries of one request wait for a first byte in vain", async () => {
    const accounts = await start(["ann", "bob", "cid"], { gateway: { firstByteTimeoutMs: 50 } });
    for (const account of accounts) account.fail(faults.stallBeforeHeaders());
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 503, error: { code: "upstream_timeout" } });
    expect(await story()).toEqual(["ann upstream_timeout", "bob upstream_timeout"]);
  });
});

describe("a refused token is renewed and tried again, whichever account it is", () => {
  const refusals: ReadonlyArray<readonly [string, Fault]> = [
    ["invalidated", faults.tokenInvalidated()],
    ["expired", faults.tokenExpired()],
    ["unparsable", faults.unparsableToken()],
    ["refused without a word", faults.unauthorized()],
  ];
  test.each(refusals)("%s", async (_title, fault) => {
    const [first] = await start(["ann", "bob"]);
    first?.fail(fault);
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
    expect(await story()).toEqual(["ann token_invalidated", "ann ok"]);
  });

  test.each([0, 1, 2])("on hop %i, behind accounts that are used up", async (hop) => {
    const accounts = await start(["ann", "bob", "cid"]);
    for (const account of accounts.slice(0, hop)) account.fail(faults.usageLimit());
    accounts[hop]?.fail(faults.tokenInvalidated());
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
    expect((await story()).slice(hop)).toEqual([
      `${accounts[hop]?.name} token_invalidated`,
      `${accounts[hop]?.name} ok`,
    ]);
  });

  test("a token that is refused again after the renewal sends the request on", async () => {
    const [first] = await start(["ann", "bob"]);
    first?.fail(faults.tokenInvalidated(), always);
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
    expect(await story()).toEqual(["ann token_invalidated", "ann token_invalidated", "bob ok"]);
  });
});

describe("what cannot be absorbed is told in a form that ends the client's turn", () => {
  test("all used up: one 429 with the earliest reset of the pool", async () => {
    const [ann, bob] = await start(["ann", "bob"]);
    ann?.fail(faults.usageLimit({ resetsInMs: 7_200_000 }));
    bob?.fail(faults.usageLimit({ resetsInMs: 3_600_000 }));
    const end = await sendTurn(gateway.url);
    expect(end).toMatchObject({ status: 429, error: { type: "usage_limit_reached" } });
    expect(end.error?.["resets_in_seconds"]).toBeGreaterThan(3_500);
    expect(end.error?.["resets_in_seconds"]).toBeLessThanOrEqual(3_600);
    expect(end.error?.["message"]).toContain("2 used up");
  });

  test("only cooling down for long: 429 with retry-after", async () => {
    const [ann] = await start(["ann"]);
    ann?.fail(faults.rateLimit({ retryAfterSeconds: 60 }));
    const end = await sendTurn(gateway.url);
    expect(end).toMatchObject({ status: 429, error: { code: "rate_limit_exceeded" } });
    expect(Number(end.headers["retry-after"])).toBeGreaterThan(55);
  });

  test("only cooling down for a moment: the request waits and is served", async () => {
    const [ann] = await start(["ann"]);
    ann?.fail(faults.rateLimit({ tryAgainIn: "250ms" }));
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
  });

  test("no account at all: 400, which no client repeats", async () => {
    await start([]);
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 400, error: { code: "no_account_available" } });
  });

  test("no account has the model: 400 that names it", async () => {
    await start(["ann", "bob"]);
    const end = await sendTurn(gateway.url, { body: turnBody("hello", { model: "gpt-none" }) });
    expect(end).toMatchObject({ status: 400, error: { code: "model_not_supported" } });
    expect(end.error?.["message"]).toContain("gpt-none");
  });

  test("a conversation too long for the model: the upstream's own answer, from one try", async () => {
    const [ann] = await start(["ann", "bob"]);
    ann?.fail(faults.contextTooLong());
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 400, error: { code: "context_length_exceeded" } });
    expect(await story()).toEqual(["ann context_length_exceeded"]);
  });

  test("every account in trouble with the host: 503 with retry-after, and nobody is blamed", async () => {
    const accounts = await start(["ann", "bob"], { routing: { attemptsPerAccount: 1 } });
    for (const account of accounts) account.fail(faults.serverError());
    const end = await sendTurn(gateway.url);
    expect(end).toMatchObject({ status: 503, error: { code: "upstream_error" } });
    expect(end.headers["retry-after"]).toBeDefined();
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
  });

  test("a dead upstream: 503, and soon from the open circuit without asking it again", async () => {
    await start(["ann", "bob"], { routing: { attemptsPerAccount: 3 } });
    await gateway.world.close();
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 503, error: { code: "upstream_unreachable" } });
    const end = await sendTurn(gateway.url);
    expect(end).toMatchObject({ status: 503, error: { code: "upstream_unreachable" } });
    expect((await gateway.row(2)).attempts).toEqual([]);
  });
});
