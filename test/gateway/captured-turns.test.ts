// Requests as real Codex releases sent them: what reaches the upstream differs from what the client sent only in what
// belongs to the client's own login and connection.

import { request } from "node:http";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNativeFields, readRequestFields } from "../../src/wire/responses/request.ts";
import captures from "./fixtures/captured-turns.json" with { type: "json" };
import { type BareGateway, KEY, startBareGateway } from "./bare-gateway.ts";

let gateway: BareGateway;
beforeAll(async () => {
  gateway = await startBareGateway();
});
afterAll(() => gateway.close());

type Capture = (typeof captures)[number];

/** Sends the capture as the client did, with its own login and a platform key in the path. */
async function replay(capture: Capture) {
  const text = Buffer.from(JSON.stringify(capture.body));
  const isCompressed = capture.headers.some(([name]) => name === "content-encoding");
  const reached = gateway.world.nextRequest(({ method }) => method === "POST");
  await new Promise<void>((resolve, reject) => {
    const outgoing = request(`${gateway.url}/k/${KEY}${capture.path}`, { method: "POST" });
    for (const [name = "", value = ""] of capture.headers) outgoing.setHeader(name, value);
    outgoing.on("error", reject);
    outgoing.on("response", (response) => response.resume().on("close", resolve));
    outgoing.end(isCompressed ? zstdCompressSync(text) : text);
  });
  return { text, reached: await reached };
}

/** What belongs to the client's login or to one connection, and the turn state of a world that is not this one. */
const OWN = new Set(["authorization", "chatgpt-account-id", "host", "connection", "content-length"]);

const pairs = (raw: readonly string[]) =>
  raw.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1]] as const] : []));
const foreign = (headers: ReadonlyArray<readonly (string | undefined)[]>) =>
  headers.filter(([name]) => !OWN.has(name ?? "")).map(([name, value]) => `${name}: ${value}`);

describe.each(captures)("$name", (capture) => {
  test("its fields are the same whether the conversation is looked through or passed over", () => {
    const text = Buffer.from(JSON.stringify(capture.body));
    expect(readNativeFields(text)).toEqual({ ...readRequestFields(text), conversation: null });
  });

  test("its body and every header but the client's own login arrive as they were sent", async () => {
    const { text, reached } = await replay(capture);
    expect(reached.path).toBe("/backend-api/codex/responses");
    expect(reached.body.equals(text)).toBe(true);
    expect(foreign(pairs(reached.rawHeaders))).toEqual(foreign(capture.headers));
    expect(reached.headers["authorization"]).toBe(`Bearer ${gateway.accounts[0]?.login.accessToken}`);
    expect(reached.headers["chatgpt-account-id"]).toBe(gateway.accounts[0]?.accountId);
    expect(JSON.stringify(reached.rawHeaders)).not.toContain(KEY);
  });
});
