// Starting and stopping: ready, told to stop, refused with one sentence when something is in the way, nothing damaged.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";

import { startChild, urlIn } from "./child-process.ts";
import { runCommand, startCommand } from "./fake-terminal.ts";
import { runService } from "./running-service.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cxm-life-"));
});
afterEach(() => rmSync(directory, { recursive: true, maxRetries: 5 }));

const free = ["--service-addr", "localhost:0"];

function listenOn(host: string): Promise<Server> {
  const server = createServer();
  return new Promise((resolve) => server.listen(0, host, () => resolve(server)));
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const closed = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

describe("a service of its own process", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("is ready when it says so, and ends with 0 on %s", async (signal) => {
    const child = startChild(["service", ...free], { CODEXMANAGER_DATA_DIR: directory });
    const line = await child.line(/./);
    expect(line).toMatch(/^codexmanager-service listening on http:\/\/localhost:\d+ /);
    const url = urlIn(line);
    expect(await (await fetch(`${url}/health`)).text()).toBe("ok");
    child.process.kill(signal);
    expect(await child.ended).toMatchObject({ code: 0 });
    await expect(fetch(`${url}/health`)).rejects.toThrow("fetch failed");
    expect(existsSync(join(directory, "codexmanager.instance.json"))).toBe(false);
  });

  test("killed outright leaves a data directory that starts again", async () => {
    const child = startChild(["service", ...free], { CODEXMANAGER_DATA_DIR: directory });
    await child.line(/listening/);
    child.process.kill("SIGKILL");
    await child.ended;
    const again = startCommand(["service", ...free], { directory });
    await again.line(/listening/);
    again.signal();
    expect(await again.ended).toMatchObject({ exitCode: 0 });
  });

  test("is started by the web listener alone, and quitting there ends both", async () => {
    const probe = await listenOn("127.0.0.1");
    const address = `localhost:${portOf(probe)}`;
    await closed(probe);
    const args = ["web", "--service-addr", address, "--web-addr", "localhost:0"];
    const child = startChild(args, { CODEXMANAGER_DATA_DIR: directory });
    const web = urlIn(await child.line(/codexmanager-web listening/));
    const page = await fetch(web);
    const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    expect((await fetch(`http://${address}/health`)).status).toBe(200);
    expect((await fetch(`${web}/__quit`, { headers: { cookie } })).status).toBe(200);
    expect(await child.ended).toMatchObject({ code: 0 });
    await expect(fetch(`http://${address}/health`)).rejects.toThrow("fetch failed");
  });
});

describe("start", () => {
  test("runs both listeners, and either one's farewell stops both", async () => {
    const command = startCommand(["start", ...free, "--web-addr", "0"], { directory });
    const service = urlIn(await command.line(/codexmanager-service listening/));
    const web = urlIn(await command.line(/codexmanager-web listening/));
    expect((await fetch(web)).status).toBe(200);
    const token = readFileSync(join(directory, "codexmanager.rpc-token"), "utf8");
    const answer = await fetch(`${service}/__shutdown`, { headers: { "x-codexmanager-rpc-token": token } });
    expect([answer.status, await answer.text()]).toEqual([200, "shutdown"]);
    expect(await command.ended).toMatchObject({ exitCode: 0 });
    await expect(fetch(web)).rejects.toThrow("fetch failed");
  });

  test("leaves nothing open when the web listener cannot be bound", async () => {
    const taken = await listenOn("127.0.0.1");
    const failed = await runCommand(["start", ...free, "--web-addr", String(portOf(taken))], { directory });
    expect(failed).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining("the web listener cannot listen") as string,
    });
    await closed(taken);
    expect((await runCommand(["status"], { directory })).out).toContain("No service is running.");
  });
});

describe("a start is refused with one sentence, and nothing is damaged, when", () => {
  async function refusal(args: readonly string[] = ["service", ...free], env: Record<string, string> = {}) {
    const { exitCode, out, err } = await runCommand(args, { directory, env });
    expect([exitCode, out, err.split("\n")]).toEqual([1, "", [err]]);
    return err;
  }

  test("another instance works there; its process is named", async () => {
    const running = await runService({ directory });
    expect(await refusal()).toContain(`process ${process.pid} already works in ${directory}`);
    expect((await running.fetch("/health")).status).toBe(200);
    await running.close();
    await running.world.close();
  });

  test.each(["127.0.0.1", "::1"])("the port is taken on %s", async (host) => {
    const taken = await listenOn(host);
    const port = portOf(taken);
    expect(await refusal(["service", "--service-addr", String(port)])).toContain(`localhost:${port}: another program`);
    await closed(taken);
  });

  test("the address is not one of this machine", async () => {
    expect(await refusal(["service", "--service-addr", "192.0.2.1:0"])).toContain("cannot listen on 192.0.2.1:0");
  });

  test("the database is damaged", async () => {
    const path = join(directory, "codexmanager.db");
    writeFileSync(path, "this is no database at all, and long enough to be looked at as one");
    const before = readFileSync(path);
    expect(await refusal()).toContain("is damaged or not a database");
    expect(readFileSync(path)).toEqual(before);
  });

  test("the data directory cannot be written", async () => {
    writeFileSync(join(directory, "file"), "");
    const env = { CODEXMANAGER_DATA_DIR: join(directory, "file", "below") };
    expect(await refusal(undefined, env)).toContain("cannot be written");
  });

  test.each([
    ["codexmanager.key", "The key file"],
    ["codexmanager.rpc-token", "The RPC token file"],
  ])("%s cannot be read", async (name, what) => {
    mkdirSync(join(directory, name));
    expect(await refusal()).toContain(what);
  });

  test("the key file holds no key", async () => {
    writeFileSync(join(directory, "codexmanager.key"), "not a key");
    expect(await refusal()).toContain("is not a key");
  });
});

test("a bad flag ends the command with 2, a bad variable is only warned of", async () => {
  const bad = await runCommand(["service", "--service-addr", "nowhere"], { directory });
  expect(bad).toMatchObject({ exitCode: 2, err: expect.stringContaining("nowhere") as string });
  const command = startCommand(["service"], {
    directory,
    env: { CODEXMANAGER_SERVICE_ADDR: "0", CODEXMANAGER_TRACE: "x" },
  });
  await command.line(/listening/);
  command.signal();
  const { exitCode, err } = await command.ended;
  expect([exitCode, err]).toEqual([0, expect.stringContaining("CODEXMANAGER_TRACE")]);
});

test("stopping lets a running stream finish and takes nothing new", async () => {
  const running = await runService();
  await running.importAccounts([running.world.addAccount({ name: "anna" })]);
  const key = await running.createKey();
  const hold = running.world.hold();
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const body = JSON.stringify({ model: "gpt-5.5", instructions: "", input: "hello", stream: true });
  const answering = running.fetch("/v1/responses", { method: "POST", headers, body });
  await running.world.waitForRequest(({ path }) => path.endsWith("/responses"));
  const stopping = running.service.stop();
  hold.release();
  const answer = await answering;
  expect(await answer.text()).toContain("response.completed");
  await stopping;
  await expect(running.fetch("/health")).rejects.toThrow("fetch failed");
  await running.close();
});

test("stopping closes an idle WebSocket, and waits for no client that says nothing to that", async () => {
  const running = await runService({});
  const url = `${running.service.url.replace("http", "ws")}/k/${await running.createKey()}/v1/responses`;
  const [polite, deaf] = [new WebSocket(url), new WebSocket(url)];
  await Promise.all([polite, deaf].map((socket) => new Promise((resolve) => socket.on("open", resolve))));
  const code = new Promise((resolve) => polite.on("close", resolve));
  deaf.pause();
  await running.close();
  expect(await code).toBe(1012);
  deaf.terminate();
});
