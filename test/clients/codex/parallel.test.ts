// Two conversations at the same time.

import { describe, expect, test } from "vitest";
import { clients, title } from "./clients.ts";
import { openStage } from "./stage.ts";

describe.each(clients)(title, (client) => {
  test("keeps two conversations at the same time each on an account of its own", async () => {
    const stage = await openStage(client, { strategy: "balanced" });
    const other = await stage.anotherHome();

    const runs = await Promise.all([
      stage.codex(["left [[shell echo l1]] [[shell echo l2]] [[reply left done]]"]),
      stage.codex(["right [[shell echo r1]] [[shell echo r2]] [[reply right done]]"], other),
    ]);

    expect(runs.map((run) => run.exitCode)).toEqual([0, 0]);
    expect(runs.map((run) => run.reply)).toEqual(["left done", "right done"]);
    const requests = stage.world.turns().map(({ account, body }) => {
      return { account: account?.name, side: body.includes("left [[") ? "left" : "right" };
    });
    expect(requests).toHaveLength(6);
    const sides = Map.groupBy(requests, (request) => request.side);
    const used = Array.from(sides.values(), (side) => [...new Set(side.map((request) => request.account))]);
    expect(used.toSorted()).toEqual([["acc0"], ["acc1"]]);
  });
});
