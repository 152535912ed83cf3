// A conversation that is taken up again by another process.

import { describe, expect, test } from "vitest";
import { clients, title } from "./clients.ts";
import { openStage } from "./stage.ts";

describe.each(clients)(title, (client) => {
  test("takes up the last conversation on the account it was on", async () => {
    const stage = await openStage(client, { strategy: "balanced" });
    const first = await stage.codex(["remember the word heliotrope [[shell echo one]] [[reply noted]]"]);
    const [account] = stage.upstreamAccounts();

    const second = await stage.codex(["resume", "--last", "which word? [[reply that one]]"]);

    expect(second).toMatchObject({ exitCode: 0, reply: "that one", complaints: "" });
    expect(threadOf(second)).toBe(threadOf(first));
    expect(stage.upstreamAccounts()).toEqual([account, account, account]);
    const [, , third] = await stage.served();
    expect(third).toMatchObject({ statusCode: 200, account, routeReason: "bound" });
    const sent = stage.world.turns().at(-1)?.body.toString();
    for (const earlier of ["heliotrope", "noted", "encrypted_content"]) expect(sent).toContain(earlier);
  });

  test("takes up a conversation whose account is used up on another one, and stays there", async () => {
    const stage = await openStage(client);
    await stage.codex(["remember the word heliotrope [[reply noted]]"]);
    stage.accounts[0]?.exhaust();

    const runs = [await stage.codex(["resume", "--last", "again"]), await stage.codex(["resume", "--last", "again"])];

    for (const run of runs) expect(run).toMatchObject({ exitCode: 0, complaints: "" });
    expect(stage.upstreamAccounts()).toEqual(["acc0", "acc0", "acc1", "acc1"]);
    expect(stage.world.turns().at(-1)?.body.toString()).toContain("heliotrope");
  });
});

function threadOf(run: { readonly events: readonly { readonly thread_id?: string }[] }): string | undefined {
  return run.events[0]?.thread_id;
}
