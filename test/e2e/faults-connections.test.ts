// Connections that stall, break, lie or are given up, on either side of the running service.

import { gzipSync, zstdCompressSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { DemoAccount } from "../../src/demo/index.ts";
import { faults } from "../../src/demo/index.ts";
import type { Pooled } from "../faults/pooled-service.ts";
import { startPooled } from "../faults/pooled-service.ts";
import { leaveTurn, sendLying } from "../faults/raw-request.ts";

const MIB = 1024 * 1024;
const mostBytes = MIB;

let service: Pooled;
beforeAll(async () => {
  service = await startPooled({ env: { CODEXMANAGER_FRONT_PROXY_MAX_BODY_BYTES: String(mostBytes) } });
});
afterAll(() => service.close());

const served = { status: 200, isComplete: true, isBroken: false };

describe("an upstream that", () => {
  test("is dead gets nobody blamed, and the client a 503 that tells when to come back", async () => {
    const dead = await startPooled();
    await dead.refill(2);
    await dead.world.close();
    const end = await dead.turn();
    expect(end).toMatchObject({ status: 503, error: { code: "upstream_unreachable" } });
    expect(Number(end.headers["retry-after"])).toBeGreaterThan(0);
    expect(await dead.states()).toEqual(["free", "free"]);
    await dead.close();
  });

  test("lets the first byte wait for too long is left for the next account", async () => {
    const hasty = await startPooled({ env: { CODEXMANAGER_UPSTREAM_FIRST_BYTE_TIMEOUT_MS: "500" } });
    const [slow] = await hasty.refill(2);
    slow?.fail(faults.stallBeforeHeaders());
    expect(await hasty.turn()).toMatchObject(served);
    expect(await hasty.story()).toEqual(["1 upstream_timeout", "2 ok"]);
    expect(await hasty.states()).toEqual(["free", "free"]);
    expect(await hasty.world.turns(slow)[0]?.closed).toBe("client");
    await hasty.close();
  });

  test("is only slow is waited for", async () => {
    const [slow] = await service.refill(2);
    slow?.fail(faults.slowHeaders(100));
    expect(await service.turn()).toMatchObject(served);
    expect(await service.story()).toEqual(["1 ok"]);
  });

  test("breaks off in the middle is told as a failure, and not asked again for the same turn", async () => {
    const [broken] = (await service.refill(2)) as [DemoAccount];
    broken.fail(faults.cutStream());
    const end = await service.turn();
    expect(end.text).toContain('"type":"response.failed"');
    expect(end).toMatchObject({ status: 200, isComplete: false });
    expect(await service.rows(1)).toMatchObject([
      { statusCode: 200, error: expect.stringContaining("broke off") as string },
    ]);
    expect(service.world.turns()).toHaveLength(1);
    expect(await service.turn()).toMatchObject(served);
  });

  test("sends an event of four megabytes is handed on whole", async () => {
    const [account] = await service.refill(1);
    account?.fail(faults.bigEvent(4 * MIB));
    const end = await service.turn();
    expect(end).toMatchObject(served);
    expect(end.text).toContain("x".repeat(4 * MIB));
    expect((await service.rows(1))[0]?.outputTokens).toBeGreaterThan(0);
  });
});

describe("a client that", () => {
  test.each(["before headers", "after headers"] as const)(
    "leaves %s ends the upstream request, and its row says so",
    async (moment) => {
      const [account] = (await service.refill(2)) as [DemoAccount];
      account.fail(moment === "before headers" ? faults.stallBeforeHeaders() : faults.stallMidStream());
      await leaveTurn(service, moment);
      const [row] = await service.rows(1);
      expect(row).toMatchObject({ statusCode: 499, error: expect.stringContaining("client") as string });
      expect(service.world.turns()).toHaveLength(1);
      expect(await service.states()).toEqual(["free", "free"]);
      await service.forgetRows();
      expect(await service.turn()).toMatchObject(served);
      expect(await service.story()).toEqual(["1 ok"]);
    },
  );

  test("declares more than it sends reaches no account", async () => {
    await service.refill(1);
    expect(await sendLying(service, (bytes) => bytes + 100)).not.toContain(" 200 ");
    expect(await service.rows(1)).toMatchObject([{ statusCode: 499 }]);
    expect(service.world.turns()).toEqual([]);
  });

  test("declares less than it sends is refused, and nothing of it goes on", async () => {
    await service.refill(1);
    const answer = await sendLying(service, (bytes) => bytes - 10);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain(" 200 ");
    expect(service.world.turns()).toEqual([]);
    expect(await service.turn()).toMatchObject(served);
  });

  test.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const)("sends a %s bomb is answered 413, and nothing of it goes on", async (encoding, compress) => {
    await service.refill(1);
    const bomb = compress(Buffer.alloc(64 * MIB, " "));
    expect(bomb.length).toBeLessThan(mostBytes);
    const answer = await fetch(`${service.url}/v1/responses`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${service.key}`,
        "content-type": "application/json",
        "content-encoding": encoding,
      },
      body: bomb,
    });
    expect(answer.status).toBe(413);
    expect(JSON.stringify(await answer.json())).toContain(`at most ${mostBytes} bytes`);
    expect(service.world.turns()).toEqual([]);
    expect(await service.turn()).toMatchObject(served);
  });
});
