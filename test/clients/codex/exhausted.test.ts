// Nobody can serve: the user is told once, and in words that help.

import { describe, expect, test } from "vitest";
import { clients, title } from "./clients.ts";
import { openStage } from "./stage.ts";

const HOUR_MS = 3_600_000;

describe.each(clients)(title, (client) => {
  test("tells when the pool can serve again, after a single request", async () => {
    const stage = await openStage(client);
    const resetsAt = Date.now() + 2 * HOUR_MS;
    stage.accounts[0]?.exhaust({ resetsInMs: 5 * HOUR_MS });
    stage.accounts[1]?.exhaust({ resetsInMs: resetsAt - Date.now() });

    const runs = [await stage.codex(["hello"]), await stage.codex(["hello again"])];

    for (const run of runs) {
      expect(run.exitCode).toBe(1);
      expect(run.events.at(-1)).toMatchObject({ type: "turn.failed" });
      expect(run.complaints).toMatch(/usage limit/i);
      expect(run.complaints).toMatch(clockTimes(resetsAt));
    }
    const served = await stage.served();
    expect(served.map(({ statusCode, errorCode }) => `${statusCode} ${errorCode}`)).toEqual([
      "429 usage_limit_reached",
      "429 usage_limit_reached",
    ]);
    expect(stage.upstreamAccounts().toSorted()).toEqual(["acc0", "acc1"]);
  });

  test("tells what to do when there is no account at all, after a single request", async () => {
    const stage = await openStage(client, { poolSize: 0 });

    const run = await stage.codex(["hello"]);

    expect(run.exitCode).toBe(1);
    expect(run.complaints).toMatch(/account/);
    expect(await stage.served()).toMatchObject([{ statusCode: 400, errorCode: "no_account_available" }]);
  });
});

/** The minute itself and its neighbours, as Codex writes them: in local time, "3:04 PM". */
function clockTimes(at: number): RegExp {
  const minutes = [-1, 0, 1].map((minute) => {
    const date = new Date(at + minute * 60_000);
    return `${date.getHours() % 12 || 12}:${String(date.getMinutes()).padStart(2, "0")} ${date.getHours() < 12 ? "AM" : "PM"}`;
  });
  return new RegExp(minutes.join("|"));
}
