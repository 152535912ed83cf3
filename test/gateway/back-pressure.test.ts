// A client that reads slowly slows the upstream down; the gateway does not keep what the client has not taken.

import { request, type IncomingMessage } from "node:http";
import { afterEach, expect, test } from "vitest";
import { faults } from "../../src/demo/index.ts";
import { type BareGateway, KEY, startBareGateway } from "./bare-gateway.ts";
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

test("a hundred megabytes wait upstream while the client does not read, and arrive whole when it does", async () => {
  gateway = await startBareGateway();
  gateway.accounts[0]?.fail(faults.hugeStream(SIZE));
  const before = process.memoryUsage().arrayBuffers;
  const answer = await openTurn();
  await untilStill(() => process.memoryUsage().arrayBuffers);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(SIZE / 4);
  expect(gateway.world.requests.at(-1)?.closing).toBeNull();

  let received = 0;
  for await (const chunk of answer) received += (chunk as Buffer).length;
  expect(received).toBeGreaterThan(SIZE);
  expect(await gateway.row(1)).toMatchObject({ statusCode: 200, errorCode: null });
});
