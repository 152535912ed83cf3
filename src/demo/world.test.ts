import { connect } from "node:net";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DemoAccount } from "./account.ts";
import { captured } from "./captured.ts";
import { openTurn, postTurn, turnBody } from "./testing.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
let account: DemoAccount;

beforeAll(async () => {
  world = await startWorld();
  account = world.addAccount({ plan: "plus" });
});
afterAll(() => world.close());

test("a plain turn is a numbered stream with reasoning, a message and an empty final output", async () => {
  const turn = await postTurn(world, account, turnBody("hi", { include: ["reasoning.encrypted_content"] }));
  expect(turn.events.map((event) => event.type).filter((type) => type !== "response.output_text.delta")).toEqual([
    "response.created",
    "codex.rate_limits",
    "response.in_progress",
    "response.output_item.added",
    "response.reasoning_summary_part.added",
    "response.reasoning_summary_text.delta",
    "response.reasoning_summary_text.done",
    "response.reasoning_summary_part.done",
    "response.output_item.done",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
  ]);
  const numbers = turn.events.flatMap((event) => ("sequence_number" in event ? [event["sequence_number"]] : []));
  expect(numbers).toEqual(numbers.map((_number, index) => index));
  expect(turn.events.at(-1)).toMatchObject({ response: { status: "completed", output: [] } });
});

test("the ciphertext of an item under way differs from the final one", async () => {
  const turn = await postTurn(world, account, turnBody("hi", { include: ["reasoning.encrypted_content"] }));
  const items = turn.events.flatMap((event) => (event["item"] as { type: string; encrypted_content?: string }) ?? []);
  const [before, after] = items.filter((item) => item.type === "reasoning").map((item) => item.encrypted_content);
  expect(after).toMatch(/^gAAAA/);
  expect(before).not.toBe(after);
});

test("answer headers tell limits, turn state, model and catalogue tag", async () => {
  const { headers } = await postTurn(world, account);
  expect(Object.fromEntries(headers)).toMatchObject({
    "content-type": "text/event-stream",
    "openai-model": "gpt-5.5",
    "x-models-etag": '"demo-models-1"',
    "x-codex-turn-state": expect.any(String) as string,
    "x-codex-plan-type": "plus",
    "x-codex-primary-window-minutes": "300",
    "x-codex-secondary-window-minutes": "10080",
    "x-codex-primary-used-percent": expect.any(String) as string,
    "x-request-id": expect.any(String) as string,
  });
});

test("a prompt that comes back to the same account is cached there, and only there", async () => {
  const other = world.addAccount();
  const body = turnBody("x".repeat(8_000), { prompt_cache_key: "thread-1" });
  const cached = async (who: DemoAccount): Promise<unknown> => {
    const last = (await postTurn(world, who, body)).events.at(-1) as unknown as {
      response: { usage: { input_tokens_details: object } };
    };
    return last.response.usage.input_tokens_details;
  };
  expect(await cached(account)).toEqual({ cached_tokens: 0 });
  expect(await cached(account)).toEqual({ cached_tokens: 1_920 });
  expect(await cached(other)).toEqual({ cached_tokens: 0 });
});

test("a zstd body is decoded, and both header and body are on record", async () => {
  const { headers, body } = captured("liteTurn", account);
  const sent = Buffer.from(JSON.stringify(body));
  const turn = await postTurn(world, account, undefined, {
    body: zstdCompressSync(sent),
    headers: { ...headers, "content-encoding": "zstd" },
  });
  expect(turn.status).toBe(200);
  const record = world.turns(account).at(-1);
  expect(record?.body).toEqual(sent);
  expect(record?.headers["content-encoding"]).toBe("zstd");
  expect(record).toMatchObject({ account, status: 200, fault: null, path: "/backend-api/codex/responses" });
  expect(await record?.closed).toBe("finished");
});

test("a client that goes away is on record with the moment", async () => {
  const leave = new AbortController();
  const held = account.hold();
  const before = account.counts.aborted;
  const request = world.nextRequest();
  const answer = openTurn(world, account, turnBody("[[text 10000000]]"), { signal: leave.signal });
  await held.arrived;
  held.release();
  await answer;
  expect(account.openTurns).toBe(1);
  leave.abort();
  expect(await (await request).closed).toBe("client");
  expect((await request).closedAt).toEqual(expect.any(Number));
  await new Promise((resolve) => setImmediate(resolve));
  expect(account.counts.aborted).toBe(before + 1);
  expect(account.openTurns).toBe(0);
});

test("waiting for a request finds past ones, waiting for the next does not", async () => {
  await postTurn(world, account, turnBody("first of its kind"));
  const isKind = ({ body }: { body: Buffer }): boolean => body.includes("first of its kind");
  expect(await world.waitForRequest(isKind)).toMatchObject({ status: 200 });
  const next = world.nextRequest(isKind);
  await postTurn(world, account, turnBody("first of its kind, again"));
  expect((await next).body.toString()).toContain("again");
});

test("what is on record is bounded by number and by bytes", async () => {
  const small = await startWorld({ maxRequests: 3, maxRecordedBytes: 50_000 });
  const who = small.addAccount();
  for (const index of [1, 2, 3, 4]) await postTurn(small, who, turnBody(`turn ${index}`));
  expect(small.requests).toHaveLength(3);
  expect(small.requests[0]?.body.toString()).toContain("turn 2");
  await postTurn(small, who, turnBody("x".repeat(49_900)));
  expect(small.requests).toHaveLength(1);
  await small.close();
});

test("a WebSocket upgrade is answered 426", async () => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(world.origin).port), "127.0.0.1");
    socket.once("data", (data: Buffer) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.write(
      "GET /backend-api/codex/responses HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    );
  });
  expect(answer).toMatch(/^HTTP\/1\.1 426 /);
});

test("an unknown path is answered 404", async () => {
  const answer = await fetch(`${world.origin}/backend-api/ps/plugins/installed`);
  expect([answer.status, await answer.json()]).toEqual([404, { detail: "Not Found" }]);
});

test("compacting by trigger yields one compaction item, by endpoint a compacted history", async () => {
  const trigger = turnBody("x", {
    input: [{ type: "message", role: "user", content: "x" }, { type: "compaction_trigger" }],
  });
  const turn = await postTurn(world, account, trigger);
  const done = turn.events.filter((event) => event.type === "response.output_item.done");
  expect(done).toMatchObject([
    { item: { type: "compaction", encrypted_content: expect.stringMatching(/^gAAAA/) as string } },
  ]);
  const answer = await fetch(`${world.chatgptUrl}/responses/compact`, {
    method: "POST",
    headers: { authorization: `Bearer ${account.login.accessToken}` },
    body: JSON.stringify({
      model: "gpt-5.5",
      instructions: "",
      input: [{ type: "message", role: "user", content: "x" }],
    }),
  });
  expect(await answer.json()).toMatchObject({
    object: "response.compaction",
    output: [{ role: "user" }, { type: "compaction" }],
  });
});

test("a closed world refuses connections", async () => {
  const short = await startWorld();
  const who = short.addAccount();
  await postTurn(short, who);
  expect(short.openConnections).toBe(1);
  await short.close();
  await expect(postTurn(short, who)).rejects.toThrow("fetch failed");
});
