// What settings of the service change, seen from outside.

import { createServer, type AddressInfo, type Socket } from "node:net";

import { afterEach, expect, test } from "vitest";

import { faults } from "../../src/demo/index.ts";
import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

let running: Running;
afterEach(() => running.close());

test("without grace, stopping breaks off the streams that still run", async () => {
  running = await runService({ env: { CODEXMANAGER_SHUTDOWN_GRACE_SECS: "0" } });
  const anna = running.world.addAccount({ name: "anna" });
  await running.importAccounts([anna]);
  const key = await running.createKey();
  anna.fail(faults.stallMidStream());
  const answer = await running.fetch("/v1/responses", {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-5.5", input: "hello", stream: true }),
  });
  const reader = answer.body!.getReader();
  await reader.read();
  const rest = (async () => {
    while (!(await reader.read()).done);
  })();
  const broken = expect(rest).rejects.toThrow("terminated");
  await running.service.stop();
  await broken;
});

test("an upstream that accepts a connection and then says nothing is given up after the connect limit", async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => void sockets.add(socket.on("error", () => {})));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  running = await runService({
    env: {
      CODEXMANAGER_UPSTREAM_BASE_URL: `https://127.0.0.1:${port}/backend-api/codex`,
      CODEXMANAGER_UPSTREAM_CONNECT_TIMEOUT_SECS: "1",
      CODEXMANAGER_ATTEMPTS_PER_ACCOUNT: "1",
    },
  });
  await running.importAccounts([running.world.addAccount({ name: "anna" })]);
  const answer = await running.fetch("/v1/responses", {
    method: "POST",
    headers: { authorization: `Bearer ${await running.createKey()}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-5.5", input: "hello" }),
  });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ error: { code: "upstream_unreachable" } });
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});
