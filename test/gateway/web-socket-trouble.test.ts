// What goes wrong on a WebSocket: how the client is told, and what ends.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { faults } from "../../src/demo/index.ts";
import { type BareGateway, type BareGatewayOptions, startBareGateway } from "./bare-gateway.ts";
import { create, type Frame, type FrameClient, type FrameClientOptions, goOn, openFrames } from "./frame-client.ts";

let gateway: BareGateway;
let client: FrameClient | null = null;
afterEach(async () => {
  client?.socket.terminate();
  client = null;
  await gateway.close();
});

async function open(options: BareGatewayOptions = {}, terms: FrameClientOptions = {}): Promise<FrameClient> {
  gateway = await startBareGateway(options);
  client = await openFrames(gateway.url, terms);
  return client;
}

describe("an upgrade is answered as a request over HTTP would be", () => {
  const refusal = (terms: FrameClientOptions) => openFrames(gateway.url, terms).catch((error: Error) => error.message);

  test("with 401 to a key that is not known, and 403 to one that is disabled", async () => {
    gateway = await startBareGateway({ key: { isEnabled: false } });
    expect(await refusal({ headers: { authorization: "Bearer nobody" } })).toBe("401");
    expect(await refusal({})).toBe("403");
  });

  test("with 426 when WebSockets are switched off, and where there are none", async () => {
    gateway = await startBareGateway({ gateway: { acceptsWebSockets: false } });
    expect(await refusal({})).toBe("426");
    await gateway.close();
    gateway = await startBareGateway();
    for (const path of ["/v1/models", "/v1/responses/compact", "/elsewhere"]) {
      expect([path, await refusal({ path })]).toEqual([path, "426"]);
    }
  });

  test("with 503 when the gateway is going down", async () => {
    gateway = await startBareGateway();
    await gateway.drain(0);
    expect(await refusal({})).toBe("503");
  });

  test("without compression, whatever the client offers", async () => {
    const { handshake } = await open();
    expect(handshake["sec-websocket-extensions"]).toBeUndefined();
    expect(handshake["x-models-etag"]).toBeUndefined();
  });

  test("with the etag of the catalogue that clients of this release were given", async () => {
    gateway = await startBareGateway();
    const headers = { "user-agent": "codex_exec/0.169.0 (Linux)", authorization: `Bearer ${"a".repeat(64)}` };
    const models = await fetch(`${gateway.url}/v1/models?client_version=0.169.0`, { headers });
    client = await openFrames(gateway.url, { headers });
    expect(client.handshake["x-models-etag"]).toBe(models.headers.get("x-models-etag"));
  });
});

test("a later handshake tells how the upstream counts, once its answers have said so", async () => {
  const upstream = await startUpstream({ "content-type": "text/event-stream", "x-reasoning-included": "true" });
  const first = await open({ gateway: { upstreamUrl: upstream.url } });
  expect(first.handshake["x-reasoning-included"]).toBeUndefined();
  await first.ask(create());
  const second = await openFrames(gateway.url);
  expect(second.handshake["x-reasoning-included"]).toBe("true");
  second.socket.terminate();
  await upstream.close();
});

describe("a failure before the answer is one error frame", () => {
  test("in which Codex finds the reset of a pool that is used up", async () => {
    const { ask } = await open({ accounts: ["ann", "bob"] });
    for (const account of gateway.accounts) account.exhaust({ resetsInMs: 3_600_000 });
    const [frame, ...more] = await ask(create());
    expect(more).toEqual([]);
    expect(frame).toMatchObject({ type: "error", status: 429, error: { type: "usage_limit_reached" } });
    expect(frame).not.toHaveProperty("status_code");
    const { error, headers } = frame as Frame & { error: { resets_at: number }; headers: Record<string, string> };
    expect(error.resets_at).toBeGreaterThan(Date.now() / 1000);
    expect(Number(headers["retry-after"])).toBeGreaterThan(3000);
    expect(await gateway.row(1)).toMatchObject({ statusCode: 429, errorCode: "usage_limit_reached" });
  });

  test("with the upstream's own words when they are for the client", async () => {
    const { ask } = await open();
    gateway.accounts[0]?.fail(faults.answer({ status: 400, body: { detail: "Unsupported parameter: odd" } }));
    expect(await ask(create())).toMatchObject([
      { type: "error", status: 400, error: { message: "Unsupported parameter: odd" } },
    ]);
  });

  test("when the frame is no JSON; one of a type that is not known ends nothing", async () => {
    const { ask, send, next } = await open();
    send("{]");
    expect(await next()).toMatchObject({ type: "error", status: 400, error: { code: "invalid_request" } });
    send({ type: "response.processed", response_id: "resp_1" });
    send({ type: "session.update" });
    const frame = await next();
    expect(frame).toMatchObject({
      type: "error",
      error: { message: expect.stringContaining("session.update") as string },
    });
    expect(frame).not.toHaveProperty("status");
    expect((await ask(create())).at(-1)).toMatchObject({ type: "response.completed" });
  });

  test("when the whole conversation is larger than a request may be", async () => {
    const { ask } = await open({ gateway: { maxBodyBytes: 6000 } });
    const first = await ask(create("a".repeat(4000)));
    expect(await ask(goOn(first, "b".repeat(2000)))).toMatchObject([
      { type: "error", status: 413, error: { code: "request_too_large" } },
    ]);
  });
});

describe("a failure within the answer ends it with response.failed", () => {
  const half =
    'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"a"}\n\nevent: resp';
  const flat = 'event: error\ndata: {"type":"error","code":"server_error","message":"no more"}\n\n';
  test.each([
    ["when the upstream stops between two events", faults.cutStream(), "upstream_stream_truncated"],
    ["when it stops within one", { ...faults.cutStream(), events: () => [half] }, "upstream_stream_truncated"],
    [
      "when the upstream reports an error",
      { ...faults.cutStream(), events: () => [`${half}\n\n${flat}`] },
      "server_error",
    ],
  ])("%s", async (_title, fault, code) => {
    const { ask } = await open();
    gateway.accounts[0]?.fail(fault);
    const answer = await ask(create());
    expect(answer.at(-1)).toMatchObject({ type: "response.failed", response: { error: { code } } });
    expect((await ask(create())).at(-1)).toMatchObject({ type: "response.completed" });
  });
});

describe("a connection is closed", () => {
  test("with 1009 when a frame is too large", async () => {
    const { send, closed } = await open({ gateway: { maxBodyBytes: 2000 } });
    send(create("a".repeat(3000)));
    expect(await closed).toBe(1009);
  });

  test("with 1003 when a frame is no text", async () => {
    const { socket, closed } = await open();
    socket.send(Buffer.from([1, 2]));
    expect(await closed).toBe(1003);
  });

  test("with 1008 when too many requests wait", async () => {
    const { send, closed } = await open();
    gateway.accounts[0]?.fail(faults.stallBeforeHeaders());
    for (let count = 0; count < 6; count += 1) send(create());
    expect(await closed).toBe(1008);
  });

  test("at once with 1012 when it is idle and the gateway goes down", async () => {
    const { closed } = await open();
    await gateway.drain(60_000);
    expect(await closed).toBe(1012);
  });

  test("with 1012 after the answer that is under way when the gateway goes down", async () => {
    const { send, answer, closed } = await open();
    const gate = gateway.accounts[0]?.hold();
    send(create());
    await gate?.arrived;
    const drained = gateway.drain(60_000);
    gate?.release();
    expect((await answer()).at(-1)).toMatchObject({ type: "response.completed" });
    expect(await closed).toBe(1012);
    await drained;
  });

  test("with 1012 in the middle of an answer that takes longer than the gateway has left", async () => {
    const { send, next, closed } = await open();
    gateway.accounts[0]?.fail(faults.stallMidStream());
    send(create());
    await next();
    await gateway.drain(1);
    expect(await closed).toBe(1012);
    expect(await gateway.row(1)).toMatchObject({ statusCode: 499 });
  });
});

describe("a client", () => {
  test("that leaves in the middle of an answer closes the upstream", async () => {
    const { send, next, socket } = await open();
    gateway.accounts[0]?.fail(faults.stallMidStream());
    const asked = gateway.world.nextRequest();
    send(create());
    await next();
    socket.terminate();
    expect(await (await asked).closed).toBe("client");
    expect(await gateway.row(1)).toMatchObject({ statusCode: 499, errorCode: "client_closed" });
  });

  test("that pings gets its pong, also while an answer is under way", async () => {
    const { send, next, socket } = await open();
    gateway.accounts[0]?.fail(faults.stallMidStream());
    send(create());
    await next();
    const pong = new Promise<string>((resolve) => socket.on("pong", (text: Buffer) => resolve(text.toString())));
    socket.ping("still there?");
    expect(await pong).toBe("still there?");
  });

  test("is sent signs of life while the upstream is quiet", async () => {
    const { send, next } = await open({ gateway: { heartbeatIntervalMs: 1 } });
    gateway.accounts[0]?.fail(faults.stallMidStream());
    send(create());
    let frame: Frame;
    do frame = await next();
    while (frame.type !== "keepalive");
  });
});

test("requests that are sent ahead are answered one after the other", async () => {
  const { send, answer } = await open();
  send(create("one [[reply first]]"));
  send({ type: "response.processed", response_id: "resp_1" });
  send(create("two [[reply second]]"));
  for (const text of ["first", "second"]) {
    const done = (await answer()).filter(({ type }) => type === "response.output_text.done");
    expect(done.map((frame) => frame["text"])).toEqual([text]);
  }
});

test("an answer that is no stream cannot be told in frames", async () => {
  const upstream = await startUpstream({ "content-type": "application/json" });
  const { ask } = await open({ gateway: { upstreamUrl: upstream.url } });
  expect(await ask(create())).toMatchObject([{ type: "error", status: 502 }]);
  await upstream.close();
});

/** An upstream that answers everything with these headers and nothing of substance. */
async function startUpstream(headers: Record<string, string>) {
  const server = createServer((asked, answer) => {
    asked.resume();
    answer.writeHead(200, headers).end('data: {"type":"response.completed","response":{"id":"resp_1"}}\n\n');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${port}/backend-api/codex`, close };
}
