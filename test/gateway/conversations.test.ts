// Which account a conversation is on, when it moves, and what it loses on the way.

import { afterEach, describe, expect, test } from "vitest";
import { faults } from "../../src/demo/index.ts";
import { type BareGateway, startBareGateway } from "./bare-gateway.ts";
import { sendTurn, turnBody, userMessage } from "./turn.ts";

let gateway: BareGateway;
afterEach(() => gateway.close());

const servedBy = async (turn: number) => (await gateway.row(turn)).accountId;

/** The finished output items of a streamed answer. */
function outputOf(text: string): Array<Record<string, unknown>> {
  const payloads = [...text.matchAll(/event: response\.output_item\.done\ndata: (.*)/g)];
  return payloads.map(([, payload]) => (JSON.parse(payload ?? "") as { item: Record<string, unknown> }).item);
}

describe("a conversation stays where it is", () => {
  test("in round robin, new conversations spread and old ones stay", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"], routing: { strategy: "balanced" } });
    for (const thread of ["one", "two", "one", "two"]) await sendTurn(gateway.url, { thread });
    expect([await servedBy(1), await servedBy(2), await servedBy(3), await servedBy(4)]).toEqual([
      "ann",
      "bob",
      "ann",
      "bob",
    ]);
    expect((await gateway.row(3)).routeReason).toBe("bound");
  });

  test("a sub-agent goes where the conversation is that started it", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"], routing: { strategy: "balanced" } });
    await sendTurn(gateway.url, { thread: "other" });
    await sendTurn(gateway.url, { thread: "parent" });
    await sendTurn(gateway.url, { thread: "child", headers: { "x-codex-parent-thread-id": "parent" } });
    expect(await servedBy(3)).toBe(await servedBy(2));
  });

  test("a client that names no conversation is known by how it began", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"], routing: { strategy: "balanced" } });
    const later = [userMessage("hello"), { type: "message", role: "assistant", content: [] }, userMessage("and now?")];
    const send = (input: unknown) =>
      sendTurn(gateway.url, { thread: null, body: { model: "gpt-5.5", stream: true, input } });
    await send([userMessage("hello")]);
    await send([userMessage("something else")]);
    await send(later);
    expect(await servedBy(2)).not.toBe(await servedBy(1));
    expect(await servedBy(3)).toBe(await servedBy(1));
  });
});

describe("a conversation whose account cannot serve moves", () => {
  test("without the reasoning and turn state that only the old account can read, and the row says so", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"] });
    const first = await sendTurn(gateway.url, { body: turnBody("think first") });
    const [reasoning] = outputOf(first.text);
    expect(reasoning).toMatchObject({ type: "reasoning" });
    gateway.accounts[0]?.fail(faults.usageLimit());
    const input = [userMessage("think first"), reasoning, userMessage("go on")];
    const turnState = String(first.headers["x-codex-turn-state"]);
    const second = await sendTurn(gateway.url, {
      body: turnBody("", { input }),
      headers: { "x-codex-turn-state": turnState },
    });
    expect(second).toMatchObject({ status: 200, isComplete: true });
    expect(await gateway.row(2)).toMatchObject({ accountId: "bob", lost: ["reasoning", "turn_state"] });
    const reached = gateway.world.turns(gateway.accounts[1])[0];
    expect(reached?.headers["x-codex-turn-state"]).toBeUndefined();
    expect(reached?.json?.["input"]).toEqual([userMessage("think first"), userMessage("go on")]);
  });

  test("and its new account is never asked for what the old one left in the client's hands", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"] });
    const first = await sendTurn(gateway.url, { body: turnBody("begin") });
    const headers = { "x-codex-turn-state": String(first.headers["x-codex-turn-state"]) };
    gateway.accounts[0]?.fail(faults.usageLimit());
    const input: unknown[] = [userMessage("begin"), ...outputOf(first.text), userMessage("go on")];
    const second = await sendTurn(gateway.url, { body: turnBody("", { input }), headers });
    const [ownReasoning] = outputOf(second.text);
    input.push(...outputOf(second.text), userMessage("and on"));

    const third = await sendTurn(gateway.url, { body: turnBody("", { input }), headers });

    expect(third).toMatchObject({ status: 200, isComplete: true });
    expect(gateway.world.turns(gateway.accounts[1]).map((turn) => turn.status)).toEqual([200, 200]);
    const sent = gateway.world.turns().at(-1);
    expect(sent?.headers["x-codex-turn-state"]).toBeUndefined();
    const sentInput = sent?.json?.["input"] as { type: string }[];
    expect(sentInput.filter((item) => item.type === "reasoning")).toEqual([ownReasoning]);
  });

  test("and stays on its new account afterwards", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"] });
    await sendTurn(gateway.url);
    gateway.accounts[0]?.fail(faults.rateLimit({ retryAfterSeconds: 60 }));
    await sendTurn(gateway.url);
    await sendTurn(gateway.url);
    expect([await servedBy(1), await servedBy(2), await servedBy(3)]).toEqual(["ann", "bob", "bob"]);
  });

  test("but with a compaction no other account can read, it gets its own account's answer", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"] });
    const input = [userMessage("long talk"), { type: "compaction_trigger" }];
    const compacted = await sendTurn(gateway.url, { body: turnBody("", { input }) });
    const compaction = outputOf(compacted.text).find(({ type }) => type === "compaction");
    gateway.accounts[0]?.fail(faults.usageLimit({ resetsInMs: 3_600_000 }));
    const end = await sendTurn(gateway.url, { body: turnBody("", { input: [compaction, userMessage("go on")] }) });
    expect(end).toMatchObject({ status: 429, error: { type: "usage_limit_reached" } });
    expect(end.error?.["message"]).toContain("bound to its account by a compaction");
    const other = await sendTurn(gateway.url, { thread: "another" });
    expect(other).toMatchObject({ status: 200, isComplete: true });
  });
});

describe("what a key or the user lays down", () => {
  test("the manual account serves even conversations that are elsewhere", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"], routing: { manualAccountId: "bob" } });
    await sendTurn(gateway.url);
    expect(await gateway.row(1)).toMatchObject({ accountId: "bob", routeReason: "manual" });
  });

  test("while the manual account cannot serve, the next one does", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"], routing: { manualAccountId: "bob" } });
    gateway.accounts[1]?.fail(faults.usageLimit());
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 200 });
    expect(await servedBy(1)).toBe("ann");
  });

  test("a key's model and effort replace what the request says", async () => {
    gateway = await startBareGateway({ key: { model: "gpt-5.4-mini", reasoningEffort: "high" } });
    await sendTurn(gateway.url, { body: turnBody("hello", { reasoning: { effort: "low", summary: "auto" } }) });
    expect(gateway.world.turns()[0]?.json).toMatchObject({
      model: "gpt-5.4-mini",
      reasoning: { effort: "high", summary: "auto" },
    });
  });

  test("a model or effort that is repeated further down does not get around the key's, in a large body either", async () => {
    gateway = await startBareGateway({ key: { model: "gpt-5.4-mini", reasoningEffort: "high" } });
    const body = turnBody("x".repeat(20_000), { model: "gpt-5.4-mini", reasoning: { effort: "high" } });
    const repeated = '"model":"gpt-5.5","reasoning":{"effort":"low"}';
    await sendTurn(gateway.url, { body: `${JSON.stringify(body).slice(0, -1)},${repeated}}` });
    expect(gateway.world.turns()[0]?.json).toMatchObject({ model: "gpt-5.4-mini", reasoning: { effort: "high" } });
  });

  test("an account that is as busy as it may be is passed over", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"], routing: { maxInflightPerAccount: 1 } });
    const hold = gateway.world.hold("turn");
    const first = sendTurn(gateway.url, { thread: "one" });
    await hold.arrived;
    await sendTurn(gateway.url, { thread: "two" });
    hold.release();
    await first;
    expect(await servedBy(1)).toBe("bob");
  });
});
