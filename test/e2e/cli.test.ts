// The commands, through a running service and without one.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { commands } from "../../src/cli/commands.ts";
import { runCommand, startCommand } from "./fake-terminal.ts";
import { sendTurn } from "../gateway/turn.ts";
import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

describe.each(["through the service", "without a service"])("%s", (way) => {
  const isRunning = way === "through the service";
  let directory: string;
  let running: Running | null = null;
  let files: string[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "cxm-cli-"));
    running = await runService({ directory });
    files = ["anna", "bert"].map((name) => join(directory, `${name}.json`));
    for (const file of files) writeFileSync(file, JSON.stringify(running.world.addAccount().authJson()));
    if (isRunning) return;
    await running.service.stop();
  });
  afterAll(async () => {
    await running?.service.stop();
    await running?.world.close();
    rmSync(directory, { recursive: true });
  });

  const command = (...args: string[]) => runCommand(args, { directory });
  const json = async (...args: string[]) =>
    JSON.parse((await command(...args, "--json")).out) as Record<string, unknown>;

  test("accounts are imported from files, renewed the second time, and listed", async () => {
    expect((await command("account", "import", ...files)).out).toBe("2 items: 2 added, 0 renewed, 0 refused");
    expect(await json("account", "import", ...files)).toMatchObject({ total: 2, created: 0, updated: 2 });
    const { items } = (await json("account", "list")) as { items: { label: string }[] };
    expect(items).toHaveLength(2);
    const { out } = await command("account", "list");
    expect(out.split("\n")[0]).toMatch(/^ACCOUNT +PLAN +STATE/);
    expect(out).toContain(items[0]?.label);
  });

  test("an account is named by label, mail or id, changed, switched off and on", async () => {
    const { items } = (await json("account", "list")) as { items: { id: string; label: string }[] };
    const [{ id, label } = { id: "", label: "" }] = items;
    const set = await command("account", "set", label, "--priority", "10", "--mark", "burn-first", "--tags", "a,b");
    expect(set.out).toContain("priority 10, burn_first");
    expect(await json("account", "set", id, "--max-inflight", "none")).toMatchObject({
      account: { priority: 10, mark: "burn_first", tags: ["a", "b"], maxInflight: null },
    });
    expect((await command("account", "set", id, "--priority", "high")).err).toMatch(/priority/);
    expect(await command("account", "set", id)).toMatchObject({ exitCode: 2 });
    expect(await command("account", "disable", "nobody")).toMatchObject({ exitCode: 3 });
    expect(await json("account", "disable", id)).toMatchObject({ id, status: "disabled" });
    expect(await json("account", "enable", label)).toMatchObject({ id, status: "active" });
  });

  test("the strategy and the manual account are shown and changed", async () => {
    const { items } = (await json("account", "list")) as { items: { id: string; label: string }[] };
    const [{ id, label } = { id: "", label: "" }] = items;
    expect((await command("route", "strategy")).out).toMatch(/^Strategy: ordered/);
    expect(await json("route", "strategy", "rr")).toMatchObject({ strategy: "balanced" });
    expect((await command("route", "strategy", "best")).exitCode).toBe(1);
    expect(await json("route", "manual", label)).toEqual({ manual: { accountId: id, label } });
    expect(await json("route", "manual", "--clear")).toEqual({ manual: null });
    await command("route", "strategy", "ordered");
  });

  test("a bad file among good ones is named, and the exit code says it was done in part", async () => {
    const bad = join(directory, "bad.json");
    writeFileSync(bad, "{ nothing");
    const mixed = await command("account", "import", bad, files[0] ?? "");
    expect(mixed).toMatchObject({ exitCode: 4, out: expect.stringContaining("item 1") as string });
    expect(mixed.out).toContain("bad.json");
    expect((await command("account", "import", bad)).exitCode).toBe(1);
    expect(await command("account", "import", join(directory, "missing.json"))).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining("missing.json cannot be read") as string,
    });
  });

  test("accounts are imported from standard input", async () => {
    const input = JSON.stringify(running?.world.addAccount().authJson());
    const result = await runCommand(["account", "import", "-"], { directory, input });
    expect(result.out).toContain("1 added");
  });

  test("a created key is shown once and never listed", async () => {
    const { key, id } = await json("key", "create", "--name", "mine", "--model", "gpt-5.5", "--effort", "high");
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    const listed = await command("key", "list", "--json");
    expect(JSON.parse(listed.out)).toMatchObject({ items: [{ id, name: "mine", modelSlug: "gpt-5.5" }] });
    expect(listed.out).not.toContain(key);
    const { out } = await command("key", "create");
    expect(out.split("\n")[1]).toMatch(/^[0-9a-f]{64}$/);
  });

  test("status says what runs, where, and with how many accounts", async () => {
    const status = await json("status");
    expect(status).toMatchObject({ pid: isRunning ? process.pid : null, dataDirectory: directory });
    const { out } = await command("status");
    expect(out).toContain(isRunning ? `The service runs at ${running?.service.url}` : "No service is running.");
    expect(out).toMatch(/Accounts: \d+ \(unknown \d+\)/);
  });

  test("settings are explained under their key and under their variable", async () => {
    for (const path of [
      ["explain", "config"],
      ["config", "explain"],
    ] as const) {
      expect(await json(...path, "routing.retryBudgetMs")).toMatchObject({ value: 20_000, source: "default" });
    }
    expect((await command("explain", "config", "CODEXMANAGER_RETRY_BUDGET_MS")).out).toContain(
      "routing.retryBudgetMs = 20000",
    );
    expect((await command("explain", "config")).out).toMatch(/^SETTING +VALUE +SOURCE/);
    expect(await command("explain", "config", "no.such")).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining("no.such") as string,
    });
  });

  test("no output ever holds the RPC token", async () => {
    const token = running?.service.token ?? "";
    for (const args of [["status"], ["explain", "config"], ["account", "list"]]) {
      for (const flags of [[], ["--json"]]) {
        const { out, err } = await command(...args, ...flags);
        expect(out + err).not.toContain(token);
      }
    }
  });
});

describe("the command line", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "cxm-cli-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, maxRetries: 5 }));

  const command = (args: readonly string[], env: Record<string, string> = {}) => runCommand(args, { directory, env });

  test.each([[[]], [["--help"]], [["account", "--help"]], [["key", "create", "-h"]]])(
    "%j shows help and touches nothing",
    async (args) => {
      const { exitCode, out } = await command(args);
      expect([exitCode, out]).toEqual([0, expect.stringContaining("Usage: codexmanager")]);
      expect(readdirSync(directory)).toEqual([]);
    },
  );

  test.each([[["nonsense"]], [["account", "nonsense"]], [["account", "import"]], [["status", "--nonsense"]]])(
    "%j is wrong: 2, and an explanation",
    async (args) => {
      const { exitCode, err } = await command(args);
      expect([exitCode, err]).toEqual([2, expect.stringMatching(/^error: /)]);
    },
  );

  test("every command has help", async () => {
    for (const { path } of commands) {
      const { exitCode, out } = await command([...path, "--help"]);
      expect([path, exitCode, out]).toEqual([path, 0, expect.stringContaining(path.join(" "))]);
    }
  });

  test("texts follow the flag, else the locale", async () => {
    expect((await command(["key", "list", "--lang", "zh-CN"])).out).toContain("还没有平台密钥");
    expect((await command(["key", "list"], { LANG: "zh_CN.UTF-8" })).out).toContain("还没有平台密钥");
    expect((await command(["--lang=en", "key", "list"], { LANG: "zh_CN.UTF-8" })).out).toContain("No platform keys");
  });

  test("the data directory is taken before and after the command, and wins over the environment", async () => {
    for (const args of [
      ["--data-dir", "mine", "status"],
      ["status", "--data-dir", "mine"],
    ]) {
      expect((await command(args, { CODEXMANAGER_DATA_DIR: "/nowhere" })).out).toContain(join(directory, "mine"));
    }
  });

  test("an env file is read when named, and must exist", async () => {
    writeFileSync(join(directory, "my.env"), "CODEXMANAGER_ROUTE_STRATEGY=balanced\n");
    const named = await command(["config", "explain", "routing.strategy", "--env-file", "my.env"]);
    expect(named.out).toContain("routing.strategy = balanced (environment CODEXMANAGER_ROUTE_STRATEGY)");
    expect((await command(["status", "--env-file", "missing.env"])).exitCode).toBe(2);
  });

  test("what other people put into a label cannot move the cursor", async () => {
    const item = { label: "x\u001b[2Jy", tokens: { access_token: "a.b.c", account_id: "acc" } };
    await runCommand(["account", "import", "-"], { directory, input: JSON.stringify(item) });
    expect((await command(["account", "list"])).out).not.toContain("\u001b");
  });
});

test("the demo shows the product with accounts and traffic, and leaves nothing behind", async () => {
  const directory = mkdtempSync(join(tmpdir(), "cxm-cli-"));
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith("codexmanager-demo-"));
  const demo = startCommand(["demo"], { directory });
  const service = /http:\/\/[^\s)]+/.exec(await demo.line(/codexmanager-service listening/))?.[0] ?? "";
  await demo.line(/sample accounts/);
  await demo.line(/^200 /);
  expect((await fetch(`${service}/health`)).status).toBe(200);
  demo.signal();
  expect(await demo.ended).toMatchObject({ exitCode: 0 });
  await expect(fetch(`${service}/health`)).rejects.toThrow("fetch failed");
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("codexmanager-demo-"))).toEqual(before);
  expect(readdirSync(directory)).toEqual([]);
  rmSync(directory, { recursive: true });
});

test("the story of a request, the way of the next one, a model's name and the forecast are told in words", async () => {
  const running = await runService();
  const { directory, world } = running;
  const [anna, bert] = ["anna", "bert"].map((name) => world.addAccount({ name }));
  await running.importAccounts([anna, bert].flatMap((account) => account ?? []));
  anna?.exhaust({ resetsInMs: 3_600_000 });
  const headers = { authorization: `Bearer ${await running.createKey()}` };
  const body = { model: "gpt-5.5-high", input: "hello" };
  const { headers: answered } = await sendTurn(running.service.url, { thread: null, headers, body });
  const trace = String(answered["x-codexmanager-trace-id"]);
  while ((await running.rpc("requestlog/read", { traceId: trace })).item === null);
  const command = async (...args: string[]) => (await runCommand(args, { directory })).out;

  const story = await command("explain", "request", trace);
  expect(story).toMatch(/anna@example\.com.*\n.*quota is used up/);
  expect(story).toContain("gpt-5.5-high → gpt-5.5");
  expect(story).toMatch(/bert@example\.com.*\n.*answered 200/);
  expect(await command("--lang", "zh-CN", "explain", "request", trace)).toContain("额度已用完");
  expect((await runCommand(["explain", "request", "trc_0"], { directory })).exitCode).toBe(3);

  const route = await command("explain", "route");
  expect(route).toMatch(/^Next: bert@example\.com\./);
  expect(route).toMatch(/-\s+anna@example\.com\s+Its quota is used up, until/);
  expect(JSON.parse(await command("explain", "route", "--json"))).toMatchObject({ skippedCount: 1, candidateCount: 1 });

  const meaning = await command("explain", "model", "claude-opus-5-5");
  expect(meaning).toMatch(/^claude-opus-5-5 means gpt-6\.1-sol here\.\n.*table of substitutes.* \(claude-\*\)/);
  expect(await command("explain", "model", "gpt-5.5-high", "--json")).toContain('"reasoningEffort": "high"');
  expect(await command("explain", "model", "gpt-5.5-high", "--codex")).toContain("goes upstream as it is");

  expect(await command("forecast")).toMatch(/5 h +\d+%/);
  await running.close();
});
