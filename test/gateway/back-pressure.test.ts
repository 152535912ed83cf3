// A client that reads slowly slows the upstream down; the gateway does not keep what the client has not taken.

import { request, type IncomingMessage } from "node:http";
import { afterEach, expect, test } from "vitest";
import { faults } from "../../src/demo/index.ts";
import { type BareGateway, KEY, startBareGateway } from "./bare-gateway.ts";
import { create, openFrames } from "./frame-client.ts";
import { turnBody } from "./turn.ts";

const MIB = 1024 * 1024;
const SIZE = 100 * MIB;

let gateway: BareGateway;
afterEach(() => gateway.close());

function openTurn(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${KEY}`, originator: "codex_exec", "thread-id": "t" };
    const outgoing = request(`${gateway.url}/v1/responses`, { method: "POST", headers });
    outgoing.on("response", resolve).on("error", reject);
    outgoing.end(JSON.stringify(turnBody()));
  });
}

/** Resolves when nothing has moved for many turns of the event loop. */
async function untilStill(moved: () => number): Promise<void> {
  for (let stillFor = 0, last = -1; stillFor < 200; stillFor += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (moved() !== last) stillFor = 0;
    last = moved();
  }
}

/** The answer to a turn whose client does not read it. */
async function unread<T>(open: () => Promise<T>): Promise<T> {
  gateway = await startBareGateway();
  gateway.accounts[0]?.fail(faults.hugeStream(SIZE));
  const before = process.memoryUsage().arrayBuffers;
  const answer = await open();
  await untilStill(() => process.memoryUsage().arrayBuffers);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(SIZE / 4);
  expect(gateway.world.requests.at(-1)?.closing).toBeNull();
  return answer;
}

test("a hundred megabytes wait upstream while the client does not read, and arrive whole when it does", async () => {
  const answer = await unread(openTurn);
  let received = 0;
  for await (const chunk of answer) received += (chunk as Buffer).length;
  expect(received).toBeGreaterThan(SIZE);
  expect(await gateway.row(1)).toMatchObject({ statusCode: 200, errorCode: null });
});

test("so they do behind a WebSocket", async () => {
  let received = 0;
  const client = await unread(async () => {
    const { socket, ...opened } = await openFrames(gateway.url);
    socket.on("message", (frame: Buffer) => (received += frame.length));
    const isBegun = new Promise<void>((resolve) => socket.once("message", () => resolve()));
    opened.send(create());
    await isBegun;
    socket.pause();
    return { socket, ...opened };
  });
  client.socket.resume();
  expect((await client.answer()).at(-1)).toMatchObject({ type: "response.completed" });
  expect(received).toBeGreaterThan(SIZE);
  client.socket.terminate();
  expect(await gateway.row(1)).toMatchObject({ statusCode: 200, errorCode: null });
});
