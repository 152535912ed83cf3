// Agents at work: the model acts through their tools, and sees what came of it.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { title } from "../installed.ts";
import { openStage } from "./agent.ts";
import { agents } from "./agents.ts";

/** A red dot. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==";

describe.each(agents)(title, (agent) => {
  test("answers a question", async () => {
    const stage = await openStage(agent);

    const run = await agent.ask(stage, "say something [[reply pool says: ünïcode ✓]]");

    expect(run).toMatchObject({ exitCode: 0, reply: "pool says: ünïcode ✓" });
    const turns = (await stage.served()).filter(({ path }) => agent.path.test(path));
    expect(turns.length).toBeGreaterThan(0);
    for (const turn of turns) expect(turn).toMatchObject({ statusCode: 200, account: "acc0" });
  });

  test("runs a shell command", async () => {
    const stage = await openStage(agent);

    const run = await agent.ask(stage, "do it [[shell echo from the shell]]");

    expect(run.exitCode).toBe(0);
    expect(run.reply).toContain("from the shell");
  });

  test("makes several calls at once", async () => {
    const stage = await openStage(agent);

    const run = await agent.ask(
      stage,
      "do it [[together]] [[shell echo one > a]] [[shell echo two > b]] [[reply both]]",
    );

    expect(run).toMatchObject({ exitCode: 0, reply: "both" });
    expect(await readFile(join(stage.work, "a"), "utf8")).toBe("one\n");
    expect(await readFile(join(stage.work, "b"), "utf8")).toBe("two\n");
  });

  test("writes a file and edits it", async () => {
    const stage = await openStage(agent);
    const file = join(stage.work, "notes.txt");
    const wishes = [agent.writes(file, "first"), agent.reads(file), agent.edits(file, "first", "second")];

    const run = await agent.ask(stage, `do it ${wishes.join(" ")} [[reply edited]]`);

    expect(run).toMatchObject({ exitCode: 0, reply: "edited" });
    expect(await readFile(file, "utf8")).toMatch(/^second\n?$/);
  });

  test("shows the model an image", async () => {
    const stage = await openStage(agent);
    const file = join(stage.work, "dot.png");
    await writeFile(file, Buffer.from(PNG, "base64"));

    const run = await agent.ask(stage, `look at it ${agent.reads(file)} [[reply seen]]`);

    expect(run.exitCode).toBe(0);
    expect(stage.world.turns().some(({ body }) => body.includes("data:image/png;base64,"))).toBe(true);
  });

  test("goes on with a conversation on the account it began on", async () => {
    const stage = await openStage(agent, { strategy: "balanced" });
    await agent.ask(stage, "remember [[reply noted]]");

    const run = await agent.ask(stage, "and now? [[reply recalled]]", { resumes: true });

    expect(run).toMatchObject({ exitCode: 0, reply: "recalled" });
    expect(stage.world.turns().at(-1)?.body.toString()).toContain("noted");
  });
});
