// Clients that send only what is new: the gateway keeps what they refer to, although the upstream keeps nothing.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DemoAccount, faults, startWorld, type World } from "../../src/demo/index.ts";
import { type Running, runService } from "../e2e/running-service.ts";
import { userMessage } from "./turn.ts";

interface Answer {
  readonly id: string;
  readonly status: string;
  readonly output: ReadonlyArray<Record<string, unknown>>;
  readonly error?: Record<string, unknown>;
}

let directory: string;
let world: World;
let ann: DemoAccount;
let bob: DemoAccount;
let service: Running;
let key: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "cxm-kept-"));
  world = await startWorld();
  [ann, bob] = [world.addAccount({ name: "ann" }), world.addAccount({ name: "bob" })];
  service = await runService({ world, directory });
  await service.importAccounts([ann, bob]);
  key = await service.createKey();
});

afterEach(async () => {
  await service.close();
  await world.close();
  rmSync(directory, { recursive: true });
});

async function ask(
  path: string,
  options: { body?: object; method?: string; key?: string } = {},
): Promise<[number, Answer]> {
  const { body, method = body === undefined ? "GET" : "POST" } = options;
  const headers = { authorization: `Bearer ${options.key ?? key}`, "content-type": "application/json" };
  const response = await service.fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return [response.status, (await response.json()) as Answer];
}

async function respond(body: object, withKey = key): Promise<Answer & { httpStatus: number }> {
  const [httpStatus, answer] = await ask("/v1/responses", { body: { model: "gpt-5.5", ...body }, key: withKey });
  return { ...answer, httpStatus };
}

/** What the upstream was sent last. */
const sentInput = () => world.turns().at(-1)?.json?.["input"] as Array<Record<string, unknown>>;
const kinds = (items: ReadonlyArray<Record<string, unknown>>) => items.map((item) => item["type"]);
const served = () => [ann.counts.served, bob.counts.served];
const weather = { type: "function", name: "weather", parameters: { type: "object", properties: {} } };

describe("previous_response_id", () => {
  test("goes on from the whole conversation, turn after turn, sealed reasoning included", async () => {
    const first = await respond({ input: "one" });
    const second = await respond({ input: "two", previous_response_id: first.id });
    await respond({ input: [userMessage("three")], previous_response_id: second.id });

    expect(world.turns().map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(world.turns().at(-1)?.json).not.toHaveProperty("previous_response_id");
    const turn = ["message", "reasoning", "message"];
    expect(kinds(sentInput())).toEqual([...turn, ...turn, "message"]);
    expect(JSON.stringify(sentInput())).toMatch(/one.*two.*three/s);
  });

  test("works on streams as well", async () => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const body = JSON.stringify({ model: "gpt-5.5", input: "one", stream: true });
    const streamed = await (await service.fetch("/v1/responses", { method: "POST", headers, body })).text();
    const id = /"id":"(resp_\w+)"/.exec(streamed)?.[1];
    expect(await respond({ input: "two", previous_response_id: id })).toMatchObject({ status: "completed" });
    expect(kinds(sentInput())).toEqual(["message", "reasoning", "message", "message"]);
  });

  test("is counted with everything it goes on from", async () => {
    const first = await respond({ input: "one [[text 8000]]" });
    const tokens = async (more: object) => {
      const [, counted] = await ask("/v1/responses/input_tokens", {
        body: { model: "gpt-5.5", input: "two", ...more },
      });
      return (counted as unknown as { input_tokens: number }).input_tokens;
    };
    expect(await tokens({})).toBeLessThan(20);
    expect(await tokens({ previous_response_id: first.id })).toBeGreaterThan(1000);
  });

  test("stays on the account of the chain, although nothing else names the conversation", async () => {
    await service.rpc("gateway/routeStrategy/set", { strategy: "balanced" });
    const chains = [await respond({ input: "a" }), await respond({ input: "b" })];
    const before = served();
    expect(before).toEqual([1, 1]);
    for (const [place, first] of chains.entries()) {
      await respond({ input: "more", instructions: "be brief", previous_response_id: first.id });
      expect(served()).toEqual(place === 0 ? [2, 1] : [2, 2]);
    }
  });

  test("stays there although another conversation that opened alike is elsewhere now", async () => {
    const first = await respond({ input: "hello" });
    const second = await respond({ input: "go on", previous_response_id: first.id });
    const ids = (await service.rpc("account/list", {})).items.map(({ id }) => id);
    await service.rpc("gateway/manualAccount/set", { accountId: ids[1] ?? "" });
    await respond({ input: "hello" });
    await service.rpc("gateway/manualAccount/clear");
    expect(served()).toEqual([2, 1]);
    for (const { id } of [first, second]) {
      await respond({ input: "more", previous_response_id: id });
      expect(kinds(sentInput())).toContain("reasoning");
    }
    expect(served()).toEqual([4, 1]);
  });

  test("goes on with another account when its own cannot serve, without the reasoning only that one can read", async () => {
    const first = await respond({ input: "one" });
    ann.fail(faults.usageLimit(), { times: 10 });
    const second = await respond({ input: "two", previous_response_id: first.id });
    expect(second).toMatchObject({ status: "completed" });
    expect(kinds(sentInput())).toEqual(["message", "message", "message"]);
    expect(await respond({ input: "three", previous_response_id: second.id })).toMatchObject({ status: "completed" });
    expect(kinds(sentInput())).toEqual(["message", "message", "message", "reasoning", "message", "message"]);
    expect(served()).toEqual([1, 2]);
  });

  test("goes on when its account was removed", async () => {
    const first = await respond({ input: "one" });
    const { items } = await service.rpc("account/list", {});
    await service.rpc("account/delete", { accountId: items[0]?.id ?? "" });
    expect(await respond({ input: "two", previous_response_id: first.id })).toMatchObject({ status: "completed" });
    expect(kinds(sentInput())).toEqual(["message", "message", "message"]);
  });

  test("survives a restart", async () => {
    const first = await respond({ input: "one" });
    await service.close();
    service = await runService({ world, directory });
    expect(await respond({ input: "two", previous_response_id: first.id })).toMatchObject({ status: "completed" });
    expect(kinds(sentInput())).toEqual(["message", "reasoning", "message", "message"]);
  });

  test.each<[string, () => Promise<{ id: string; key?: string }>]>([
    ["was never given", async () => ({ id: "resp_none" })],
    ["asked with `store: false`", () => respond({ input: "one", store: false })],
    ["is another key's", async () => ({ ...(await respond({ input: "one" })), key: await service.createKey() })],
  ])("of an answer that %s makes the client send everything", async (_what, make) => {
    const { id, key: withKey } = await make();
    const asked = world.turns().length;
    expect(await respond({ input: "two", previous_response_id: id }, withKey)).toMatchObject({
      httpStatus: 400,
      error: {
        type: "invalid_request_error",
        code: "previous_response_not_found",
        param: "previous_response_id",
        message: expect.stringContaining(`Previous response with id '${id}' not found`) as string,
      },
    });
    expect(world.turns()).toHaveLength(asked);
  });
});

describe("item_reference", () => {
  const reference = (item: Record<string, unknown> | undefined) => ({ type: "item_reference", id: item?.["id"] });
  const question = userMessage("[[tool:weather {}]] what is the weather?");

  test("in a tool loop stands for the item: reasoning, call and message alike", async () => {
    const first = await respond({ input: [question], tools: [weather] });
    const call = first.output.find(({ type }) => type === "function_call");
    const result = { type: "function_call_output", call_id: call?.["call_id"], output: "sunny" };
    const second = await respond({ input: [question, ...first.output.map(reference), result], tools: [weather] });
    expect(second).toMatchObject({ status: "completed" });
    expect(kinds(sentInput())).toEqual(["message", ...kinds(first.output), "function_call_output"]);

    const input = [
      question,
      ...first.output.map(reference),
      result,
      ...second.output.map(reference),
      userMessage("so?"),
    ];
    expect(await respond({ input, tools: [weather] })).toMatchObject({ status: "completed" });
    expect(sentInput()).toHaveLength(input.length);
    expect(JSON.stringify(sentInput())).not.toContain("item_reference");
  });

  test("to an unknown call is refused, to unknown reasoning is left out", async () => {
    expect(await respond({ input: [question, { type: "item_reference", id: "fc_none" }] })).toMatchObject({
      httpStatus: 400,
      error: { code: "previous_response_not_found", param: "input" },
    });
    expect(await respond({ input: [userMessage("hi"), { type: "item_reference", id: "rs_none" }] })).toMatchObject({
      status: "completed",
    });
    expect(kinds(sentInput())).toEqual(["message"]);
  });

  test("to another key's item is unknown", async () => {
    const first = await respond({ input: "one" });
    const other = await service.createKey();
    const input = [...first.output.filter(({ type }) => type === "message").map(reference), userMessage("two")];
    expect(await respond({ input }, other)).toMatchObject({ httpStatus: 400 });
  });

  test("to reasoning of an account that the conversation has left is dropped", async () => {
    const first = await respond({ input: "one" });
    ann.fail(faults.usageLimit(), { times: 10 });
    const history = [userMessage("one"), ...first.output.map(reference)];
    const second = await respond({ input: [...history, userMessage("two")] });
    expect(second).toMatchObject({ status: "completed" });
    const input = [...history, userMessage("two"), ...second.output.map(reference), userMessage("three")];
    expect(await respond({ input })).toMatchObject({ status: "completed" });
    expect(kinds(sentInput())).toEqual(["message", "message", "message", "reasoning", "message", "message"]);
  });
});
