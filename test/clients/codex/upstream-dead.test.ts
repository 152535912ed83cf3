// The upstream cannot be reached at all.

import { describe, expect, test } from "vitest";
import { faults } from "../../../src/demo/index.ts";
import { clients, oneOfEachRelease, title } from "./clients.ts";
import { openStage } from "./stage.ts";

describe.each(oneOfEachRelease)(title, (client) => {
  test("goes on by itself when the upstream is back", async () => {
    const stage = await openStage(client);
    stage.world.fail(faults.resetBeforeHeaders(), { times: Infinity });
    const running = stage.codex(["hello [[reply back again]]"]);
    await expect.poll(() => stage.served(), { timeout: 20_000 }).toMatchObject([refused]);
    stage.world.clearFaults();

    const run = await running;

    expect(run).toMatchObject({ exitCode: 0, reply: "back again" });
    expect((await stage.served()).at(-1)).toMatchObject({ statusCode: 200 });
  });
});

describe.each(clients.filter((client) => client.way === "provider"))(title, (client) => {
  test("says that the upstream does not answer when told not to wait for it", async () => {
    const stage = await openStage(client, { provider: ["request_max_retries = 0", "stream_max_retries = 0"] });
    await stage.world.close();

    const run = await stage.codex(["hello"]);

    expect(run.exitCode).toBe(1);
    expect(run.complaints).toMatch(/503.* upstream/);
    expect(await stage.served()).toMatchObject([refused]);
  });
});

const refused = { statusCode: 503, errorCode: "upstream_unreachable", account: null };
