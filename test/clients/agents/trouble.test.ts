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

  test("asks again after an answer that broke off, and takes no half for a whole", async () => {
    const stage = await openStage(agent);
    stage.accounts[0]?.fail(faults.cutStream(12), { on: "turn" });

    const run = await agent.ask(stage, "do it [[reply the whole of it, from the first word to the last]]");

    expect(run.exitCode).toBe(0);
    // What was said before it broke off has been shown to the user, and stays.
    expect(run.reply).toMatch(/the whole of it, from the first word to the last$/);
    expect(stage.world.turns().length).toBeGreaterThan(1);
  });

  test("does not go on as if nothing were when the upstream cannot be reached", async () => {
    const stage = await openStage(agent);
    await stage.world.close();

    const run = await agent.ask(stage, "hello", { timeoutMs: 20_000 });

    expect(run.reply ?? "").not.toContain("Hello from the simulated upstream");
    const served = await stage.served();
    expect(served.length).toBeGreaterThan(0);
    for (const { statusCode } of served) expect([503, 529, 499]).toContain(statusCode);
  });
});
