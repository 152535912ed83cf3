// Much to carry: long answers, long outputs of commands, and streams in an odd shape.

import { describe, expect, test } from "vitest";
import { faults } from "../../../src/demo/index.ts";
import { clients, oneOfEachRelease, title } from "./clients.ts";
import { openStage } from "./stage.ts";

const SIZE = 200_000;

describe.each(clients)(title, (client) => {
  test("carries a long answer whole", async () => {
    const stage = await openStage(client);

    const run = await stage.codex([`write a book [[text ${SIZE}]]`]);

    expect(run).toMatchObject({ exitCode: 0, complaints: "" });
    expect(run.reply).toHaveLength(SIZE);
    expect(run.reply).toMatch(/^(?:The quick brown fox jumps over the lazy dog — ✓ )+.*$/);
  });
});

describe.each(oneOfEachRelease)(title, (client) => {
  test("carries an event of four megabytes and characters split between chunks", async () => {
    const stage = await openStage(client);
    stage.accounts[0]?.fail(faults.bigEvent());
    stage.accounts[0]?.fail(faults.splitUtf8());

    const runs = [await stage.codex(["hello [[reply ✓✓]]"]), await stage.codex(["hello [[reply ✓✓]]"])];

    for (const run of runs) expect(run).toMatchObject({ exitCode: 0, reply: "✓✓", complaints: "" });
    expect(stage.upstreamAccounts()).toEqual(["acc0", "acc0"]);
  });
});
