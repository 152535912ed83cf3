// Who waits for what: a conversation for its own account, a request for a place on an account or on its key, and what the
// user has laid down about single accounts.

import { afterEach, describe, expect, test } from "vitest";
import { faults } from "../../src/demo/index.ts";
import { filterOf } from "../../src/pool/filter.ts";
import { type BareGateway, startBareGateway } from "./bare-gateway.ts";
import { sendTurn, turnBody } from "./turn.ts";

let gateway: BareGateway;
afterEach(() => gateway.close());

const served = { status: 200, isComplete: true };
const servedBy = async (count: number) => (await gateway.row(count)).accountId;

describe("a conversation whose own account", () => {
  test("is back in a moment waits for it rather than lose its cache, and the wait is written down", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"] });
    await sendTurn(gateway.url);
    gateway.accounts[0]?.fail(faults.rateLimit({ tryAgainIn: "250ms" }));
    expect(await sendTurn(gateway.url)).toMatchObject(served);
    const { attempts, routeReason } = await gateway.row(2);
    expect(attempts.map(({ accountId, code }) => [accountId, code])).toEqual([
      ["ann", "rate_limit_exceeded"],
      ["ann", null],
    ]);
    expect(attempts[1]?.waitedMs).toBeGreaterThan(0);
    expect(routeReason).toBe("bound");
  });

  test("is away for longer moves at once", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"], routing: { boundWaitMs: 200 } });
    await sendTurn(gateway.url);
    gateway.accounts[0]?.fail(faults.rateLimit({ retryAfterSeconds: 1 }));
    expect(await sendTurn(gateway.url)).toMatchObject(served);
    expect(await servedBy(2)).toBe("bob");
  });

  test("is at its limit waits for its place, and none of its turns goes elsewhere", async () => {
    gateway = await startBareGateway({
      accounts: ["ann", "bob"],
      routing: { maxInflightPerAccount: 1, queueWaitMs: 0 },
    });
    await sendTurn(gateway.url);
    const hold = gateway.world.hold("turn");
    const turns = [sendTurn(gateway.url)];
    await hold.arrived;
    turns.push(sendTurn(gateway.url), sendTurn(gateway.url), sendTurn(gateway.url));
    hold.release();
    expect(await Promise.all(turns)).toMatchObject([served, served, served, served]);
    expect(gateway.world.turns(gateway.accounts[1])).toEqual([]);
  });

  test("holds an earlier response is told to send everything anew", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"] });
    await sendTurn(gateway.url);
    gateway.accounts[0]?.fail(faults.usageLimit());
    const end = await sendTurn(gateway.url, { body: turnBody("go on", { previous_response_id: "resp_1" }) });
    expect(end).toMatchObject({ status: 400, error: { code: "previous_response_not_found" } });
    expect(gateway.world.turns(gateway.accounts[1])).toEqual([]);
  });
});

describe("when every account is at its limit", () => {
  test("a request waits in line and is served as soon as there is a place, first come first served", async () => {
    gateway = await startBareGateway({ routing: { maxInflightPerAccount: 1 } });
    const hold = gateway.world.hold("turn");
    const first = sendTurn(gateway.url, { thread: "a" });
    await hold.arrived;
    const others = [sendTurn(gateway.url, { thread: "b" }), sendTurn(gateway.url, { thread: "c" })];
    hold.release();
    expect(await Promise.all([first, ...others])).toMatchObject([served, served, served]);
    expect(gateway.world.turns()).toHaveLength(3);
    expect(gateway.accounts[0]?.openTurns).toBe(0);
  });

  test("a request that waited in vain is told to come back in a moment", async () => {
    gateway = await startBareGateway({ routing: { maxInflightPerAccount: 1, queueWaitMs: 50 } });
    const hold = gateway.world.hold("turn");
    const first = sendTurn(gateway.url, { thread: "a" });
    await hold.arrived;
    const end = await sendTurn(gateway.url, { thread: "b" });
    expect(end).toMatchObject({ status: 429, error: { code: "rate_limit_exceeded" } });
    expect(end.headers["retry-after"]).toBeDefined();
    hold.release();
    await first;
  });

  test("an account that comes back meanwhile serves whoever waits", async () => {
    gateway = await startBareGateway({ accounts: ["ann"] });
    gateway.accounts[0]?.fail(faults.rateLimit({ tryAgainIn: "100ms" }));
    expect(await sendTurn(gateway.url)).toMatchObject(served);
    expect((await gateway.row(1)).attempts.map(({ code }) => code)).toEqual(["rate_limit_exceeded", null]);
  });
});

describe("a platform key", () => {
  test("that may have one request under way makes the second wait", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"], key: { maxInflight: 1 } });
    const hold = gateway.world.hold("turn");
    const first = sendTurn(gateway.url, { thread: "a" });
    await hold.arrived;
    const second = sendTurn(gateway.url, { thread: "b" });
    expect(gateway.world.turns()).toHaveLength(1);
    hold.release();
    expect(await Promise.all([first, second])).toMatchObject([served, served]);
  });

  test("that may use some accounts only is served by none but those", async () => {
    const filter = filterOf({ groups: [], tags: [], plans: ["pro"] });
    gateway = await startBareGateway({ accounts: ["ann"], key: { filter } });
    const end = await sendTurn(gateway.url);
    expect(end).toMatchObject({ status: 400, error: { code: "no_account_available" } });
    expect(end.error?.["message"]).toContain("1 not for this key");
  });
});

describe("the manual account, while it cannot serve,", () => {
  test("is passed over and the row says so", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"], routing: { manualAccountId: "ann" } });
    gateway.accounts[0]?.fail(faults.usageLimit());
    await sendTurn(gateway.url, { thread: "a" });
    expect(await sendTurn(gateway.url, { thread: "b" })).toMatchObject(served);
    expect(await gateway.row(2)).toMatchObject({
      accountId: "bob",
      skipped: [{ accountId: "ann", reason: "usage_limit_reached" }],
    });
  });

  test("lets no other serve when the user wants it so, and its own reason is told", async () => {
    const routing = { manualAccountId: "ann", isManualStrict: true };
    gateway = await startBareGateway({ accounts: ["ann", "bob"], routing });
    gateway.accounts[0]?.fail(faults.usageLimit());
    const end = await sendTurn(gateway.url);
    expect(end).toMatchObject({ status: 429, error: { type: "usage_limit_reached" } });
    expect(gateway.world.turns(gateway.accounts[1])).toEqual([]);
  });
});

test("a client that wants every byte at once gets the refusal inside its stream", async () => {
  gateway = await startBareGateway({ accounts: ["ann", "bob"], gateway: { holdsFirstEvents: false } });
  gateway.accounts[0]?.fail(faults.usageLimitInStream());
  const end = await sendTurn(gateway.url);
  expect(end).toMatchObject({ status: 200, isComplete: false });
  expect(end.text).toContain("usage_limit_reached");
  expect(await gateway.row(1)).toMatchObject({ accountId: "ann", errorCode: "usage_limit_reached" });
});
