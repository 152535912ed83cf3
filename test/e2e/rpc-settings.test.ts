// What the gateway is told over RPC: stored, in force at once, kept across restarts, and never against the environment. The
// original's page pushes its own idea at each load; that may only fill gaps.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Running, RunningOptions } from "./running-service.ts";
import { runService } from "./running-service.ts";

let directory: string;
let open: Running[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cxm-settings-"));
});
afterEach(async () => {
  for (const running of open) await running.close();
  open = [];
  rmSync(directory, { recursive: true });
});

async function run(options: RunningOptions = {}): Promise<Running> {
  const running = await runService({ directory, ...options });
  open.push(running);
  return running;
}

async function again(running: Running, options: RunningOptions = {}): Promise<Running> {
  await running.close();
  open = open.filter((other) => other !== running);
  return run(options);
}

const balanced = { CODEXMANAGER_ROUTE_STRATEGY: "balanced" };

const strategies = ["ordered", "balanced", "reset-first", "drain", "least-loaded"];

describe("the route strategy", () => {
  test("is read with its options, changed by any of its names, and kept", async () => {
    const first = await run();
    const initial = { strategy: "ordered", options: strategies, manualPreferredAccountId: null };
    expect(await first.ask("gateway/routeStrategy/get")).toEqual(initial);
    expect(await first.ask("gateway/routeStrategy/set", { strategy: "Round-Robin" })).toEqual({ strategy: "balanced" });
    const second = await again(first);
    expect(await second.ask("gateway/routeStrategy/get")).toMatchObject({ strategy: "balanced" });
    expect(await second.ask("gateway/routeStrategy/set", { strategy: "priority" })).toEqual({ strategy: "ordered" });
  });

  test("refuses other words, and changes nothing", async () => {
    const running = await run();
    expect(await running.ask("gateway/routeStrategy/set")).toEqual({ error: "missing strategy" });
    expect(await running.ask("gateway/routeStrategy/set", { strategy: "best" })).toEqual({
      error: 'strategy: "best" is not accepted; expected one of ordered, balanced, reset-first, drain, least-loaded',
    });
    expect(await running.ask("gateway/routeStrategy/get")).toMatchObject({ strategy: "ordered" });
  });

  test("fixed by the environment says so, and setting the same is no change", async () => {
    const running = await run({ env: balanced });
    expect(await running.ask("gateway/routeStrategy/set", { strategy: "ordered" })).toEqual({
      error:
        "routing.strategy is fixed by the environment variable CODEXMANAGER_ROUTE_STRATEGY and cannot be changed here",
    });
    expect(await running.ask("gateway/routeStrategy/set", { strategy: "rr" })).toEqual({ strategy: "balanced" });
  });
});

describe("the manual account", () => {
  test("is set, read and cleared; one that cannot serve is refused", async () => {
    const running = await run();
    await running.importAccounts([running.world.addAccount({ name: "anna" })]);
    const accountId = (await running.rpc("account/list")).items[0]?.id;
    expect(await running.ask("gateway/manualAccount/get")).toEqual({ accountId: null });
    expect(await running.ask("gateway/manualAccount/set", { accountId })).toEqual({ ok: true });
    expect(await running.ask("gateway/manualAccount/get")).toEqual({ accountId });
    expect(await running.ask("gateway/routeStrategy/get")).toMatchObject({ manualPreferredAccountId: accountId });
    expect(await running.ask("gateway/manualAccount/set", { accountId: "nobody" })).toEqual({
      ok: false,
      error: "account is not available for routing",
    });
    expect(await running.ask("gateway/manualAccount/set")).toEqual({ ok: false, error: "accountId is required" });
    expect(await running.ask("gateway/manualAccount/clear")).toEqual({ ok: true });
    expect(await running.ask("gateway/manualAccount/get")).toEqual({ accountId: null });
  });
});

describe("the header policy", () => {
  test("is read with its variable and changed under both names", async () => {
    const running = await run();
    const envKey = "CODEXMANAGER_CPA_NO_COOKIE_HEADER_MODE";
    const get = () => running.ask("gateway/headerPolicy/get");
    expect(await get()).toEqual({ cpaNoCookieHeaderModeEnabled: false, envKey });
    const on = { cpaNoCookieHeaderModeEnabled: true };
    expect(await running.ask("gateway/headerPolicy/set", on)).toEqual(on);
    expect(await running.ask("gateway/headerPolicy/set", { enabled: false })).toEqual({
      cpaNoCookieHeaderModeEnabled: false,
    });
    expect(await running.ask("gateway/headerPolicy/set")).toEqual({ error: "missing cpaNoCookieHeaderModeEnabled" });
    expect(await running.ask("gateway/headerPolicy/set", { enabled: "perhaps" })).toMatchObject({
      error: expect.stringContaining("perhaps") as string,
    });
  });
});

describe("the background tasks", () => {
  test("take numbers, numeric texts and both names; what is below the minimum becomes the minimum", async () => {
    const running = await run();
    const change = {
      usagePolling: false,
      usagePollIntervalSecs: "45",
      gatewayKeepaliveIntervalSecs: 1,
      tokenRefreshPollIntervalSecs: 0,
      usageRefreshWorkers: 0,
      httpWorkerMin: 12,
    };
    const after = {
      usagePollingEnabled: false,
      usagePollIntervalSecs: 45,
      gatewayKeepaliveEnabled: true,
      gatewayKeepaliveIntervalSecs: 30,
      tokenRefreshPollIntervalSecs: 10,
      usageRefreshWorkers: 1,
    };
    expect(await running.ask("gateway/backgroundTasks/set", change)).toMatchObject(after);
    expect(await running.ask("gateway/backgroundTasks/get")).toMatchObject({
      ...after,
      requiresRestartKeys: [
        "usageRefreshWorkers",
        "httpWorkerFactor",
        "httpWorkerMin",
        "httpStreamWorkerFactor",
        "httpStreamWorkerMin",
      ],
    });
  });

  test("are all left alone when one of them is refused", async () => {
    const running = await run();
    const change = { usagePollIntervalSecs: 100, gatewayKeepaliveEnabled: "perhaps" };
    expect(await running.ask("gateway/backgroundTasks/set", change)).toMatchObject({
      error: expect.stringContaining("gatewayKeepaliveEnabled") as string,
    });
    expect(await running.ask("gateway/backgroundTasks/get")).toMatchObject({ usagePollIntervalSecs: 600 });
  });
});

describe("what the original's page pushes when it loads", () => {
  /** One load of the page, from its first message on; the answers to the three pushes. */
  async function load(running: Running): Promise<unknown[]> {
    const page = await fetch(running.web?.url ?? "");
    const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    let id = 0;
    const send = async (method: string, params: object = {}) => {
      id += 1;
      const headers = { "content-type": "application/json", cookie, origin: running.web?.url ?? "" };
      const body = JSON.stringify({ id, method, params });
      const response = await fetch(`${running.web?.url}/api/rpc`, { method: "POST", headers, body });
      return ((await response.json()) as { result: unknown }).result;
    };
    await send("initialize");
    const pushed = [
      await send("gateway/routeStrategy/set", { strategy: "ordered" }),
      await send("gateway/headerPolicy/set", { cpaNoCookieHeaderModeEnabled: false }),
      await send("gateway/backgroundTasks/set", { usagePollIntervalSecs: 600, httpWorkerMin: 8 }),
    ];
    await send("account/list");
    return [...pushed, await send("gateway/routeStrategy/set", { strategy: "rr" })];
  }

  test("fills gaps and never overrules what is stored; a person's change in the page counts", async () => {
    const running = await run({ hasWeb: true });
    await running.rpc("gateway/backgroundTasks/set", { usagePollIntervalSecs: 99 });
    const first = await load(running);
    expect(first).toMatchObject([
      { strategy: "ordered" },
      { cpaNoCookieHeaderModeEnabled: false },
      { usagePollIntervalSecs: 99 },
      { strategy: "balanced" },
    ]);
    const second = await load(running);
    expect(second[0]).toEqual({ strategy: "balanced" });
    expect(running.service.core.settings.current.routing.strategy).toBe("balanced");
  });

  test("leaves what the environment fixes, and answers with the value in force", async () => {
    const running = await run({ hasWeb: true, env: { ...balanced, CODEXMANAGER_USAGE_POLL_INTERVAL_SECS: "77" } });
    const answers = await load(running);
    expect(answers).toMatchObject([
      { strategy: "balanced" },
      {},
      { usagePollIntervalSecs: 77 },
      { strategy: "balanced" },
    ]);
  });
});

describe("any setting", () => {
  test("is changed by its key and kept; one that is fixed, unknown, not for storing or badly valued is refused", async () => {
    const first = await run({ env: balanced });
    const set = (key: string, value: unknown) => first.ask("settings/set", { key, value });
    expect(await set("routing.attemptsPerAccount", "2")).toEqual({
      key: "routing.attemptsPerAccount",
      needsRestart: false,
    });
    expect(await set("trace.queueCapacity", 7)).toMatchObject({ needsRestart: true });
    expect(await set("routing.strategy", "ordered")).toMatchObject({ error: expect.stringMatching(/is fixed by/) });
    expect(await set("no.such", 1)).toMatchObject({ error: expect.stringMatching(/unknown setting/) });
    expect(await set("web.password", "x")).toMatchObject({ error: expect.stringMatching(/cannot be stored/) });
    const { error } = (await set("notices.webhookUrl", "ftp://s3cret")) as { error: string };
    expect(error).toMatch(/^notices\.webhookUrl: its value is not accepted/);
    const second = await again(first);
    expect(second.service.core.settings.current.routing.attemptsPerAccount).toBe(2);
    expect(second.service.core.settings.current.trace.queueCapacity).toBe(7);
  });
});
