// What settings of the service change, seen from outside.

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
