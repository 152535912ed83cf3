// A question and its answer, whatever client, way and model.

import { describe, expect, test } from "vitest";
import { clients, title } from "./clients.ts";
import { openStage } from "./stage.ts";
import { modelsOf } from "./versions.ts";

describe.each(clients)(title, (client) => {
  test.each(modelsOf(client))("answers a question asked of a $form model", async ({ model }) => {
    const stage = await openStage(client, { model });

    const run = await stage.codex(["say something [[reply pool says: ünïcode ✓]]"]);

    expect(run).toMatchObject({ exitCode: 0, reply: "pool says: ünïcode ✓", complaints: "" });
    expect(run.events.at(-1)).toMatchObject({ type: "turn.completed" });
    expect(await stage.served()).toMatchObject([{ path: "/v1/responses", statusCode: 200, account: "acc0" }]);
    expect(stage.upstreamAccounts()).toEqual(["acc0"]);
  });

  test("keeps the client's own login and the platform key from the upstream", async () => {
    const stage = await openStage(client);

    await stage.codex(["hello"]);

    const sent = stage.world.turns().map(({ url, rawHeaders }) => `${url}\n${rawHeaders.join("\n")}`);
    expect(sent).toHaveLength(1);
    for (const secret of stage.secrets) expect(sent.join("\n")).not.toContain(secret);
  });
});
