// Once the answer has begun: it is handed on byte for byte, and one that breaks off is never made to look complete.

import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { faults } from "../../src/demo/index.ts";
import { type BareGateway, KEY, startBareGateway } from "./bare-gateway.ts";
import { sendTurn, turnBody, userMessage } from "./turn.ts";

let gateway: BareGateway;
afterEach(() => gateway.close());

describe("an answer that does not end well", () => {
  test("a stream that stops between two events ends with response.failed", async () => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.fail(faults.cutStream());
    const end = await sendTurn(gateway.url);
    expect(end.text.trimEnd().split("\n\n").at(-1)).toContain('"type":"response.failed"');
    expect(end).toMatchObject({ status: 200, isComplete: false, isBroken: false });
    expect(await gateway.row(1)).toMatchObject({ errorCode: "upstream_stream_truncated" });
  });

  test("a stream that breaks within an event ends as a broken connection", async () => {
    gateway = await startBareGateway();
    const half =
      'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"a"}\n\nevent: resp';
    gateway.accounts[0]?.fail({ ...faults.cutStream(), events: () => [half] });
    expect(await sendTurn(gateway.url)).toMatchObject({ isBroken: true, isComplete: false });
  });

  test("silence longer than the limit ends the stream as failed", async () => {
    gateway = await startBareGateway({ gateway: { idleTimeoutMs: 500 } });
    gateway.accounts[0]?.fail(faults.stallMidStream());
    const end = await sendTurn(gateway.url);
    expect(end).toMatchObject({ isComplete: false });
    expect(await gateway.row(1)).toMatchObject({ errorCode: "upstream_timeout" });
  });

  test("silence longer than the limit ends the wait of a client that asked for no stream", async () => {
    gateway = await startBareGateway({ gateway: { idleTimeoutMs: 500 } });
    gateway.accounts[0]?.fail(faults.stallMidStream());
    const end = await sendTurn(gateway.url, { thread: null, body: { model: "gpt-5.5", input: "hello" } });
    expect(end).toMatchObject({ status: 503, error: { code: "upstream_timeout" } });
  });

  test("silence longer than the limit breaks off an answer that is no stream", async () => {
    const upstream = createServer((asked, answer) => {
      asked.resume();
      answer.writeHead(200, { "content-type": "application/json", "content-length": 100 }).write('{"output":');
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const { port } = upstream.address() as AddressInfo;
    const upstreamUrl = `http://127.0.0.1:${port}/backend-api/codex`;
    gateway = await startBareGateway({ gateway: { upstreamUrl, idleTimeoutMs: 500 } });
    expect(await sendTurn(gateway.url, { path: "/v1/responses/compact" })).toMatchObject({ isBroken: true });
    expect(await gateway.row(1)).toMatchObject({ errorCode: "upstream_timeout" });
    upstream.closeAllConnections();
    await new Promise((resolve) => upstream.close(resolve));
  });

  test("an upstream that holds the connection open after its answer does not keep such a client waiting", async () => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.fail(faults.lyingContentLength());
    const end = await sendTurn(gateway.url, { thread: null, body: { model: "gpt-5.5", input: "hello" } });
    expect(end).toMatchObject({ status: 200, isComplete: true });
  });

  test("a client that asked for no stream gets an error, not half an answer", async () => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.fail(faults.cutStream());
    const end = await sendTurn(gateway.url, { thread: null, body: { model: "gpt-5.5", input: "hello" } });
    expect(end).toMatchObject({ status: 502, error: { code: "upstream_stream_truncated" } });
  });

  test("the limit on whole requests ends a stream that goes on for too long", async () => {
    gateway = await startBareGateway({ gateway: { totalTimeoutMs: 100 } });
    gateway.accounts[0]?.fail(faults.stallMidStream());
    const end = await sendTurn(gateway.url);
    expect(end.text).toContain("response.failed");
    expect(await gateway.row(1)).toMatchObject({ errorCode: "upstream_timeout" });
  });
});

describe("an answer of an unusual shape arrives whole", () => {
  const shapes = {
    "one byte at a time": faults.chunks(1),
    "cut within characters": faults.splitUtf8(),
    "lines that end with CRLF": faults.crlf(),
    "junk between the events": faults.malformedEvents(),
    "an event of four megabytes": faults.bigEvent(),
    "a content-length that lies": faults.lyingContentLength(),
  };
  test.each(Object.entries(shapes))("%s", async (_title, fault) => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.fail(fault);
    const end = await sendTurn(gateway.url, { body: turnBody("[[text 300]]") });
    expect(end).toMatchObject({ status: 200, isBroken: false });
    expect(end.text).toContain("response.completed");
    expect(await gateway.row(1)).toMatchObject({ statusCode: 200, errorCode: null });
    expect((await gateway.row(1)).outputTokens).toBeGreaterThan(0);
  });
});

describe("a client that leaves", () => {
  async function leave(afterFirstByte: boolean): Promise<void> {
    const asked = gateway.world.nextRequest();
    const outgoing = request(`${gateway.url}/v1/responses`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, originator: "codex_exec", "thread-id": "t" },
    });
    outgoing.on("error", () => {});
    const begun = new Promise<void>((resolve) =>
      outgoing.on("response", (answer) => answer.once("data", () => resolve())),
    );
    outgoing.end(JSON.stringify(turnBody()));
    const upstream = await asked;
    if (afterFirstByte) await begun;
    outgoing.destroy();
    expect(await upstream.closed).toBe("client");
    expect(await gateway.row(1)).toMatchObject({ statusCode: 499, errorCode: "client_closed" });
  }

  test("before the answer begins closes the upstream, and is no fault of the account", async () => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.fail(faults.stallBeforeHeaders());
    await leave(false);
    expect(await sendTurn(gateway.url)).toMatchObject({ status: 200, isComplete: true });
  });

  test("in the middle of the answer closes the upstream", async () => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.fail(faults.stallMidStream());
    await leave(true);
  });
});

test("the tokens of an answer that is no stream are on its row too", async () => {
  gateway = await startBareGateway();
  const end = await sendTurn(gateway.url, {
    path: "/v1/responses/compact",
    body: { model: "gpt-5.5", instructions: "", input: [userMessage("talk")] },
  });
  expect(end.status).toBe(200);
  expect((await gateway.row(1)).inputTokens).toBeGreaterThan(0);
});
