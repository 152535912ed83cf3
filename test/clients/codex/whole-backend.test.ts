// Codex with a ChatGPT login that asks the gateway for its account as well, not only for its models.

import { describe, expect, test } from "vitest";
import { clients, title } from "./clients.ts";
import { openStage } from "./stage.ts";

describe.each(clients.filter(({ way }) => way === "chatgpt"))(title, (client) => {
  test("finds its account at the gateway and goes on there", async () => {
    const stage = await openStage(client, { isWholeBackend: true });

    const run = await stage.codex(["say something [[reply pool says: hello]]"]);

    expect(run).toMatchObject({ exitCode: 0, reply: "pool says: hello", complaints: "" });
    expect(await stage.served()).toMatchObject([{ path: "/v1/responses", statusCode: 200, account: "acc0" }]);
    expect(stage.upstreamAccounts()).toEqual(["acc0"]);
  });
});
