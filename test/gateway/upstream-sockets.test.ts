// Turns over WebSockets of the upstream: to the client they are what they are over HTTP.

import { afterEach, beforeEach, expect, test } from "vitest";
import { faults } from "../../src/demo/index.ts";
import { type BareGateway, startBareGateway } from "./bare-gateway.ts";
import { type SocketUpstream, startSocketUpstream } from "./socket-upstream.ts";
import { sendTurn, turnBody } from "./turn.ts";

let gateway: BareGateway;
let upstream: SocketUpstream;

async function open(accounts = ["ann"]): Promise<void> {
  gateway = await startBareGateway({
    accounts,
    gateway: { asksOverWebSockets: true },
    upstream: async (worldUrl) => {
      upstream = await startSocketUpstream(worldUrl);
      return upstream.url;
    },
  });
}

beforeEach(() => open());
afterEach(async () => {
  await gateway.close();
  await upstream.close();
});

async function reopen(accounts: string[]): Promise<void> {
  await gateway.close();
  await upstream.close();
  await open(accounts);
}

test("a turn is a frame, and its answer the stream that HTTP would have brought", async () => {
  const end = await sendTurn(gateway.url);

  expect(end).toMatchObject({ status: 200, isComplete: true });
  expect(end.headers["content-type"]).toContain("text/event-stream");
  expect(upstream.frames).toMatchObject([{ connection: 0, body: { model: "gpt-5.5", store: false } }]);
  expect(upstream.frames[0]?.body).not.toHaveProperty("stream");
  expect(upstream.upgrades[0]).toMatchObject({
    "openai-beta": "responses_websockets=2026-02-06",
    authorization: expect.stringContaining("Bearer ") as string,
    "thread-id": "thread-1",
  });
  expect((await gateway.row(1)).attempts).toMatchObject([{ status: 200 }]);
});

test("a connection is kept for its conversation, and for no other", async () => {
  await sendTurn(gateway.url);
  await sendTurn(gateway.url);
  await sendTurn(gateway.url, { thread: "thread-2" });

  expect(upstream.frames.map(({ connection }) => connection)).toEqual([0, 0, 1]);
});

test("a connection that was closed meanwhile is replaced, and nobody notices", async () => {
  await sendTurn(gateway.url);
  upstream.closeConnections();

  expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
  expect(await gateway.row(2)).toMatchObject({ attempts: [{ status: 200 }] });
});

test("a refusal in a frame is a refusal: the next account is asked", async () => {
  await reopen(["ann", "bob"]);
  gateway.accounts[0]?.exhaust({ resetsInMs: 3_600_000 });

  expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });

  const { attempts } = await gateway.row(1);
  expect(attempts.map(({ accountId, status, code }) => [accountId, status, code])).toEqual([
    ["ann", 429, "usage_limit_reached"],
    ["bob", 200, null],
  ]);
});

test("a token that is refused in a frame is renewed", async () => {
  gateway.accounts[0]?.invalidateAccessTokens();

  expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
  expect((await gateway.row(1)).attempts.map(({ status }) => status)).toEqual([401, 200]);
});

test("an upstream that declines is asked over HTTP, at once and from then on", async () => {
  upstream.refuseUpgrades(426);

  expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
  expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
  expect(upstream.frames).toEqual([]);
  expect(await gateway.row(1)).toMatchObject({ attempts: [{ status: 200 }] });
});

test("a handshake that is refused otherwise is judged like any answer", async () => {
  upstream.refuseUpgrades(503);

  expect((await sendTurn(gateway.url)).status).toBe(503);
});

test("an answer that breaks off is never made to look complete", async () => {
  upstream.breakAfter(7);

  const end = await sendTurn(gateway.url);

  expect(end.isComplete).toBe(false);
  expect(end.text).toContain("response.failed");
  expect(await gateway.row(1)).toMatchObject({ errorCode: "upstream_stream_truncated" });
});

test("the lite header goes along in the frame", async () => {
  await sendTurn(gateway.url, {
    headers: { "x-openai-internal-codex-responses-lite": "true" },
    body: turnBody("hi", { model: "gpt-6.1-sol", client_metadata: { thread_id: "t" } }),
  });

  expect(upstream.frames[0]?.body["client_metadata"]).toEqual({
    thread_id: "t",
    ws_request_header_x_openai_internal_codex_responses_lite: "true",
  });
});

test("other clients' turns go the same way, translated", async () => {
  const end = await sendTurn(gateway.url, {
    thread: null,
    path: "/v1/chat/completions",
    body: { model: "gpt-5.5", messages: [{ role: "user", content: "hi [[reply over a socket]]" }], stream: true },
  });

  expect(end.text).toContain("socket");
  expect(upstream.frames).toHaveLength(1);
});

test("a client that leaves takes its connection along", async () => {
  const gate = gateway.accounts[0]?.hold();
  const leaving = new AbortController();
  const asked = fetch(`${gateway.url}/v1/responses`, {
    method: "POST",
    headers: { authorization: `Bearer ${"a".repeat(64)}`, "content-type": "application/json", "thread-id": "t" },
    body: JSON.stringify(turnBody()),
    signal: leaving.signal,
  }).catch(() => null);
  await gate?.arrived;
  leaving.abort();
  await asked;

  expect(await gateway.row(1)).toMatchObject({ statusCode: 499 });
  gate?.release();
  expect(await sendTurn(gateway.url)).toMatchObject({ isComplete: true });
});

test("trouble inside an answer is absorbed as over HTTP", async () => {
  await reopen(["ann", "bob"]);
  gateway.accounts[0]?.fail(faults.usageLimitInStream());

  expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
  expect((await gateway.row(1)).accountId).toBe("bob");
});
