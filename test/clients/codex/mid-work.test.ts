// Trouble of one account between two requests of one turn: the user sees none of it.

import { describe, expect, test } from "vitest";
import { type Fault, faults } from "../../../src/demo/index.ts";
import { clients, oneOfEachRelease, title } from "./clients.ts";
import { openStage, type Stage } from "./stage.ts";
import { modelsOf } from "./versions.ts";

const work = "work [[shell echo one]] [[shell echo two]] [[reply all done]]";

describe.each(clients)(title, (client) => {
  test.each(modelsOf(client))(
    "goes on elsewhere when the limit is reached in the middle ($form model)",
    async (form) => {
      const stage = await openStage(client, form);
      failSecond(stage, faults.usageLimit());

      const run = await stage.codex([work]);

      expect(run).toMatchObject({ exitCode: 0, reply: "all done", complaints: "" });
      expect(stage.upstreamAccounts()).toEqual(["acc0", "acc0", "acc1", "acc1"]);
      const served = await stage.served();
      expect(served.map(({ account, statusCode }) => `${statusCode} ${account}`)).toEqual([
        "200 acc0",
        "200 acc1",
        "200 acc1",
      ]);
      expect(served[1]?.attempts).toEqual(["429 acc0", "200 acc1"]);
    },
  );

  test("renews a token that has become invalid and stays on the account", async () => {
    const stage = await openStage(client);
    const [account] = stage.accounts;
    const gate = account?.hold();
    const running = stage.codex([work]);
    await gate?.arrived;
    account?.invalidateAccessTokens();
    gate?.release();

    const run = await running;

    expect(run).toMatchObject({ exitCode: 0, reply: "all done", complaints: "" });
    expect(account?.refreshes).toBe(1);
    const statuses = stage.world.turns().map((turn) => `${turn.status} ${turn.account?.name}`);
    expect(statuses).toEqual(["200 acc0", "401 acc0", "200 acc0", "200 acc0"]);
    expect((await stage.served()).map((request) => request.statusCode)).toEqual([200, 200, 200]);
  });
});

describe.each(oneOfEachRelease)(title, (client) => {
  test.each([
    ["the limit told inside the stream", faults.usageLimitInStream()],
    ["a broken connection", faults.resetBeforeHeaders()],
    ["a deactivated account", faults.accountDeactivated()],
    ["a server error", faults.serverError()],
  ])("absorbs %s", async (_name, fault) => {
    const stage = await openStage(client);
    failSecond(stage, fault);

    const run = await stage.codex([work]);

    expect(run).toMatchObject({ exitCode: 0, reply: "all done", complaints: "" });
    expect((await stage.served()).map((request) => request.statusCode)).toEqual([200, 200, 200]);
    expect(stage.upstreamAccounts()).toHaveLength(4);
  });
});

/** The first request of the account is answered as if nothing were wrong. */
function failSecond({ accounts: [account] }: Stage, fault: Fault): void {
  account?.fail(faults.slowHeaders(0));
  account?.fail(fault);
}
