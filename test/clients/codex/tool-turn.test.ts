// Turns in which the model acts: several requests, each with the outcome of the call before it.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { clients, title } from "./clients.ts";
import { openStage } from "./stage.ts";
import { modelsOf } from "./versions.ts";

describe.each(clients)(title, (client) => {
  test.each(modelsOf(client))("runs a command for a $form model", async ({ model }) => {
    const stage = await openStage(client, { model });

    const run = await stage.codex(["do it [[shell echo from the shell]]"]);

    expect(run).toMatchObject({ exitCode: 0, complaints: "" });
    const command = run.items.find((item) => item.type === "command_execution");
    expect(command).toMatchObject({ exit_code: 0, aggregated_output: "from the shell\n" });
    expect(run.reply).toContain("from the shell");
    expect(stage.upstreamAccounts()).toEqual(["acc0", "acc0"]);
  });

  test.each(modelsOf(client))("applies a patch of a $form model", async ({ model }) => {
    const stage = await openStage(client, { model });

    const run = await stage.codex(["write it [[patch notes.txt patched through the pool]] [[reply written]]"]);

    expect(run).toMatchObject({ exitCode: 0, reply: "written", complaints: "" });
    const file = join(stage.home.work, "notes.txt");
    expect(await readFile(file, "utf8")).toBe("patched through the pool\n");
    const change = run.items.find((item) => item.type === "file_change");
    expect(change?.changes).toMatchObject([{ path: file, kind: "add" }]);
  });
});
