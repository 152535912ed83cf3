import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { VirtualClock } from "../../kit/virtual-clock.ts";
import { batchMs, EventHub, idleMs } from "./event-hub.ts";
import { lastEventIdOf, mostUnreadBytes, streamEvents } from "./event-stream.ts";

let clock: VirtualClock;
let hub: EventHub;
let server: Server;
let opened: Promise<ServerResponse>;
beforeEach(async () => {
  clock = new VirtualClock();
  hub = new EventHub({ clock, startId: "s1", version: "1", onIdle: () => {} });
  const { promise, resolve } = Promise.withResolvers<ServerResponse>();
  opened = promise;
  const stream = streamEvents(hub, clock);
  server = createServer((request, response) => {
    void stream(lastEventIdOf(request), response);
    resolve(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(() => {
  hub.close();
  server.closeAllConnections();
  server.close();
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Reads on until the text so far matches. */
async function reader(path = "/", headers: Record<string, string> = {}) {
  const response = await fetch(url() + path, { headers });
  const chunks = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  const until = async (pattern: RegExp) => {
    while (!pattern.test(text)) {
      const { done, value } = await chunks.read();
      if (done) throw new Error(`the stream ended: ${text}`);
      text += decoder.decode(value, { stream: true });
    }
    return text;
  };
  return { response, until, isEnded: async () => (await chunks.read()).done };
}

const say = (key: string) => {
  hub.publish("settings/changed", key, () => ({ key, needsRestart: false }));
  clock.advance(batchMs);
};

describe("the stream", () => {
  test("is one of server-sent events that nobody may keep or change", async () => {
    const { response, until } = await reader();
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(response.headers.get("cache-control")).toBe("no-store");
    say("a");
    expect(await until(/"a"/)).toMatch(
      /^id: s1-0\nevent: hello\ndata: \{.*\}\n\nid: s1-1\nevent: settings\/changed\ndata: \{/,
    );
  });

  test("gives a sign of life after a quarter of a minute of silence", async () => {
    const { until } = await reader();
    await until(/hello/);
    clock.advance(14_999);
    say("a");
    clock.advance(14_000);
    expect(await until(/"a"/)).not.toMatch(/^: /m);
    clock.advance(1000);
    await until(/\n\n: \n\n$/);
  });

  test.each([
    ["header", "/", { "last-event-id": "s1-1" }],
    ["parameter", "/?lastEventId=s1-1", {}],
  ])("goes on after the id given as a %s", async (_what, path, headers) => {
    await (await reader()).until(/hello/);
    say("a");
    say("b");
    const text = await (await reader(path, headers)).until(/"b"/);
    expect(text).not.toContain('"a"');
  });

  test("ends when the hub closes, and for those who come later at once", async () => {
    const { until, isEnded } = await reader();
    await until(/hello/);
    hub.close();
    expect(await isEnded()).toBe(true);
    const late = await reader();
    await late.until(/hello/);
    expect(await late.isEnded()).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test("leaves nothing behind when its listener goes", async () => {
    const leaving = new AbortController();
    await fetch(url(), { signal: leaving.signal });
    const response = await opened;
    const closed = new Promise((resolve) => response.once("close", resolve));
    leaving.abort();
    await closed;
    clock.advance(idleMs);
    expect(clock.pending).toBe(0);
  });
});

test("a listener that does not read is dropped, without holding up others", async () => {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").pause();
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  const response = await opened;
  const closed = new Promise((resolve) => response.once("close", resolve));
  const large = "x".repeat(mostUnreadBytes);
  // What the system buffers on the way is its own affair; in the end the stream's own bound is passed.
  for (let batch = 0; batch < 100 && !response.destroyed; batch += 1) say(`${batch}${large}`);
  await closed;
  expect(response.writableLength).toBeLessThanOrEqual(2 * mostUnreadBytes + 1000);
  const other = await reader();
  say("after");
  await other.until(/"after"/);
  socket.destroy();
});
