// Trouble upstream, as the user of an agent meets it.

import { describe, expect, test } from "vitest";
import { faults } from "../../../src/demo/index.ts";
import { title } from "../installed.ts";
import { openStage } from "./agent.ts";
import { agents } from "./agents.ts";

const HOUR_MS = 3_600_000;

describe.each(agents)(title, (agent) => {
  test("sees nothing of an account that is used up in the middle", async () => {
    const stage = await openStage(agent);
    const [first] = stage.accounts;
    const gate = first?.hold();
    const running = agent.ask(stage, "do it [[shell echo one]] [[shell echo two]] [[reply all done]]");
    await gate?.arrived;
    gate?.release();
    first?.fail(faults.usageLimit());

    const run = await running;

    expect(run).toMatchObject({ exitCode: 0, reply: "all done" });
  });

  test("is told that the pool is used up", async () => {
    const stage = await openStage(agent);
    for (const account of stage.accounts) account.exhaust({ resetsInMs: 5 * HOUR_MS });

    const run = await agent.ask(stage, "hello", agent.isPatient ? { timeoutMs: 15_000 } : {});

    if (!agent.isPatient) expect(run.shown).toMatch(/usage limit|used up|limit reached/i);
    const served = await stage.served();
    expect(new Set(served.map(({ statusCode }) => statusCode))).toEqual(new Set([429]));
  });

  test("is told what to do when there is no account", async () => {
    const stage = await openStage(agent, { poolSize: 0 });

    const run = await agent.ask(stage, "hello");

    expect(run.shown).toMatch(/account/i);
  });
});
