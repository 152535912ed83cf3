// Codex by its built-in provider sends its requests as frames of a WebSocket, where it finds one.

import { describe, expect, test } from "vitest";
import { clients, title } from "./clients.ts";
import { openStage } from "./stage.ts";

const work = "work [[shell echo one]] [[shell echo two]] [[reply all done]]";

describe.each(clients.filter(({ way }) => way !== "provider"))(title, (client) => {
  test("sends the requests of a turn as frames, and each reaches the upstream whole", async () => {
    const stage = await openStage(client);

    const run = await stage.codex([work]);

    expect(run).toMatchObject({ exitCode: 0, reply: "all done", complaints: "" });
    const served = await stage.served();
    expect(served.map(({ method, statusCode }) => `${method} ${statusCode}`)).toEqual(["WS 200", "WS 200", "WS 200"]);
    const turns = stage.world.turns();
    for (const { body, json } of turns) {
      expect(body.toString()).toContain("echo two");
      expect(json).not.toHaveProperty("previous_response_id");
    }
    const [first, ...later] = turns.map(({ headers }) => headers["x-codex-turn-state"]);
    expect(first).toBeUndefined();
    expect(new Set(later)).toEqual(new Set([expect.any(String)]));
  });

  test("goes on over HTTP where there is none", async () => {
    const stage = await openStage(client, { acceptsWebSockets: false });

    const run = await stage.codex([work]);

    expect(run).toMatchObject({ exitCode: 0, reply: "all done" });
    expect((await stage.served()).map(({ method }) => method)).toEqual(["POST", "POST", "POST"]);
  });
});
