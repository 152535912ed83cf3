// The event stream of the real service and of its web listener, and the notices that are posted.

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";

import { defaultSettings } from "../../src/contract/settings/table.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { httpLink } from "../../src/service/web/service-link.ts";
import type { RunningWeb } from "../../src/service/web/start-web.ts";
import { startWeb } from "../../src/service/web/start-web.ts";
import { sendTurn } from "../gateway/turn.ts";
import type { EventListener } from "./event-listener.ts";
import { listenToEvents } from "./event-listener.ts";
import { startCommand } from "./fake-terminal.ts";
import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

let running: Running;
const listeners: EventListener[] = [];
afterEach(() => {
  for (const listener of listeners.splice(0)) listener.leave();
});

const tokenHeader = () => ({ "x-codexmanager-rpc-token": running.service.token });

async function listen(headers: Record<string, string> = {}, path = "/events"): Promise<EventListener> {
  const listener = await listenToEvents(running.service.url + path, { ...tokenHeader(), ...headers });
  listeners.push(listener);
  await listener.next("hello");
  return listener;
}

/** What a refused request has beside, or instead of, what it should have. */
interface Refused {
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

async function metric(name: string): Promise<string | undefined> {
  const text = await (await running.fetch("/metrics")).text();
  return new RegExp(`^codexmanager_${name} (\\d+)$`, "m").exec(text)?.[1];
}

const cookieOf = async (url: string) => (await fetch(url)).headers.getSetCookie()[0]?.split(";")[0] ?? "";

describe("/events", () => {
  beforeAll(async () => {
    running = await runService();
  });
  afterAll(() => running.close());

  test.each<[string, Refused, number]>([
    ["another method", { method: "POST" }, 405],
    ["no token", { headers: { "x-codexmanager-rpc-token": "" } }, 401],
    ["a wrong token", { headers: { "x-codexmanager-rpc-token": "wrong" } }, 401],
    ["a page elsewhere", { headers: { "sec-fetch-site": "cross-site" } }, 403],
    ["a foreign origin", { headers: { origin: "https://evil.test" } }, 403],
  ])("is refused to %s", async (_what, init, status) => {
    const response = await running.fetch("/events", { ...init, headers: { ...tokenHeader(), ...init.headers } });
    expect([response.status, await response.text()]).toEqual([status, "{}"]);
  });

  test("tells of accounts as the list shows them, and of the pool", async () => {
    const { next } = await listen();
    const anna = running.world.addAccount({ name: "anna" });
    await running.importAccounts([anna]);
    const { id, item } = await next("account/changed");
    expect(item).toEqual((await running.rpc("account/list")).items[0]);
    expect(await next("pool/changed")).toMatchObject({ byState: { unknown: 1 }, manualAccountId: null });

    await running.rpc("account/update", { accountId: id, status: "disabled" });
    await next("account/changed", (event) => event.item?.state === "disabled");
    await running.rpc("account/usage/refresh", { accountId: id });
    const usage = await next("usage/changed");
    expect(usage.item).toEqual((await running.rpc("account/usage/read", { accountId: id })).snapshot);
    await running.rpc("account/delete", { accountId: id });
    await next("account/changed", (event) => event.item === null);
  });

  test("tells of requests, keys, settings and jobs", async () => {
    const { next } = await listen();
    const key = await running.createKey();
    const { id } = await next("key/changed");
    await running.importAccounts([running.world.addAccount({ name: "bea" })]);
    await sendTurn(running.service.url, { headers: { authorization: `Bearer ${key}` } });
    const { request } = await next("request/finished");
    expect(request).toMatchObject({ statusCode: 200, keyId: id, attemptCount: 1, routeReason: "ordered" });
    const [account] = (await running.rpc("account/list")).items;
    expect(request.accountId).toBe(account?.id);
    await next("account/changed", (event) => event.item?.state === "ready");
    await next("usage/changed", (event) => event.id === account?.id);

    await running.rpc("settings/set", { key: "routing.manualAccountId", value: account?.id });
    expect(await next("settings/changed")).toMatchObject({ key: "routing.manualAccountId", needsRestart: false });
    await next("pool/changed", (event) => event.manualAccountId === account?.id);
    await running.rpc("settings/set", { key: "trace.queueCapacity", value: 100 });
    await next("settings/changed", (event) => event.needsRestart);
    await running.rpc("settings/set", { key: "jobs.isKeepaliveEnabled", value: false });
    const { item } = await next("jobs/changed", (event) => event.item.name === "keepalive");
    expect(item).toEqual((await running.rpc("jobs/list")).items.find(({ name }) => name === "keepalive"));
    await running.rpc("apikey/delete", { id });
    await next("key/changed", (event) => event.isRemoved);
  });

  test("goes on after the id seen last, and tells who cannot that it was too long ago", async () => {
    const first = await listen();
    await running.rpc("settings/set", { key: "routing.attemptsPerAccount", value: 2 });
    await first.next("settings/changed");
    first.leave();
    const { lastId } = first;
    await running.rpc("settings/set", { key: "routing.retryBudgetMs", value: 1000 });
    const second = await listen({ "last-event-id": lastId });
    await second.next("settings/changed", (event) => event.key === "routing.retryBudgetMs");
    expect(second.heard.filter(({ type }) => type === "resync" || type === "settings/changed")).toHaveLength(1);
    const third = await listen({}, `/events?lastEventId=${lastId}`);
    await third.next("settings/changed", (event) => event.key === "routing.retryBudgetMs");
    await (await listen({ "last-event-id": "another-1" })).next("resync");
  });

  test("is no request of the gateway", async () => {
    const before = await metric("gateway_requests_total");
    await listen();
    expect(await metric("gateway_requests_total")).toBe(before);
  });
});

test("streams end at once when the service stops, while answers may still finish", async () => {
  running = await runService({ env: { CODEXMANAGER_SHUTDOWN_GRACE_SECS: "600" }, hasWeb: true });
  const { web, service } = running;
  const direct = await listen();
  const relayed = await listenToEvents(`${web?.url}/api/events`, { cookie: await cookieOf(web?.url ?? "") });
  await relayed.next("hello");
  const unfinished = connect(service.port, "127.0.0.1");
  unfinished.on("error", () => {});
  unfinished.write("POST /v1/responses HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{");
  await vi.waitFor(async () => expect(await metric("gateway_requests_active")).toBe("1"));
  let isStopped = false;
  const stopped = service.stop().then(() => (isStopped = true));
  await Promise.all([direct.ended, relayed.ended]);
  expect(isStopped).toBe(false);
  unfinished.destroy();
  await stopped;
  await running.close();
});

describe("/api/events", () => {
  let web: RunningWeb;
  let url: string;
  let cookie: string;
  beforeAll(async () => {
    running = await runService({ hasWeb: true });
    const link = httpLink({ url: running.service.url, token: async () => running.service.token });
    const settings = { ...defaultSettings, web: { ...defaultSettings.web, address: "localhost:0" } };
    const { url: serviceUrl, token } = running.service;
    web = await startWeb({ settings, dataDirectory: tmpdir(), link, serviceUrl, token, clock: systemClock });
  });
  afterAll(async () => {
    await web.stop();
    await running.close();
  });

  describe.each([
    ["in the service's process", () => running.web?.url ?? ""],
    ["in a process of its own", () => web.url],
  ])("%s", (_where, address) => {
    beforeAll(async () => {
      url = `${address()}/api/events`;
      cookie = await cookieOf(address());
    });

    test.each<[string, Refused, number]>([
      ["another method", { method: "POST" }, 405],
      ["no session", { headers: { cookie: "" } }, 401],
      ["a page elsewhere", { headers: { "sec-fetch-site": "cross-site" } }, 403],
      ["a page on another port", { headers: { origin: "http://localhost:1" } }, 403],
    ])("is refused to %s", async (_what, init, status) => {
      const response = await fetch(url, { ...init, headers: { cookie, ...init.headers } });
      expect([response.status, await response.text()]).toEqual([status, "{}"]);
    });

    test("brings the service's events to a page, and goes on after the id seen last", async () => {
      const first = await listenToEvents(url, { cookie, "sec-fetch-site": "same-origin" });
      await first.next("hello");
      const change = (value: number) => running.rpc("settings/set", { key: "routing.attemptsPerAccount", value });
      await change(4);
      await first.next("settings/changed");
      first.leave();
      await first.ended;
      await change(5);
      const second = await listenToEvents(url, { cookie, "last-event-id": first.lastId });
      await second.next("settings/changed");
      expect(second.heard.map(({ type }) => type)).toEqual(["hello", "settings/changed"]);
      second.leave();
    });
  });
});

describe("a web listener alone", () => {
  let server: Server;
  let web: RunningWeb;
  let asked: Promise<IncomingMessage>;
  beforeAll(async () => {
    const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
    asked = promise;
    server = createServer((request, response) => {
      if (request.headers["last-event-id"] === "refuse") return void response.writeHead(401).end("{}");
      response.writeHead(200).write('event: resync\ndata: {"type":"resync"}\n\n');
      resolve(request);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const serviceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const link = httpLink({ url: serviceUrl, token: async () => "secret" });
    const settings = { ...defaultSettings, web: { ...defaultSettings.web, address: "localhost:0" } };
    web = await startWeb({ settings, dataDirectory: tmpdir(), link, serviceUrl, token: "secret", clock: systemClock });
  });
  afterAll(async () => {
    await web.stop();
    server.closeAllConnections();
    server.close();
  });

  test("lets go of the service when the page leaves", async () => {
    const listener = await listenToEvents(`${web.url}/api/events`, { cookie: await cookieOf(web.url) });
    await listener.next("resync");
    const request = await asked;
    expect(request.headers["x-codexmanager-rpc-token"]).toBe("secret");
    const closed = once(request.socket, "close");
    listener.leave();
    await closed;
  });

  test("tells a page that the service refuses", async () => {
    const headers = { cookie: await cookieOf(web.url), "last-event-id": "refuse" };
    const response = await fetch(`${web.url}/api/events`, { headers });
    expect([response.status, await response.text()]).toEqual([502, "upstream error: the service answered 401"]);
  });
});

describe("cxm watch", () => {
  beforeAll(async () => {
    running = await runService();
  });
  afterAll(() => running.close());

  test("prints each event as a line for people, and ends with a signal", async () => {
    const command = startCommand(["watch"], { directory: running.directory });
    await command.line(/hello\s+connected to version/);
    await running.importAccounts([running.world.addAccount({ name: "anna" })]);
    await command.line(/account\/changed\s+anna/);
    await running.rpc("account/usage/refresh");
    await command.line(/usage\/changed\s+anna.*: \d+%.* used/);
    await running.rpc("settings/set", { key: "routing.attemptsPerAccount", value: 2 });
    await command.line(/^\d\d:\d\d:\d\d {2}settings\/changed {2}routing\.attemptsPerAccount was changed$/);
    command.signal();
    expect(await command.ended).toMatchObject({ exitCode: 0, err: "" });
  });

  test("prints one JSON object per line", async () => {
    const command = startCommand(["watch", "--json"], { directory: running.directory });
    const hello = await command.line(/"hello"/);
    expect(JSON.parse(hello)).toMatchObject({ type: "hello" });
    command.signal();
    await command.ended;
  });

  test("goes on when the service has been started anew, and says that events were missed", async () => {
    const { world } = running;
    const directory = mkdtempSync(join(tmpdir(), "cxm-watch-"));
    const first = await runService({ directory, world });
    const command = startCommand(["watch"], { directory });
    await command.line(/hello/);
    await first.close();
    const second = await runService({ directory, world });
    await command.line(/resync\s+some events were missed/);
    command.signal();
    expect(await command.ended).toMatchObject({
      exitCode: 0,
      err: expect.stringMatching(/connection was lost/) as string,
    });
    await second.close();
    rmSync(directory, { recursive: true });
  });

  test("says that no service runs", async () => {
    const directory = mkdtempSync(join(tmpdir(), "cxm-watch-"));
    const command = startCommand(["watch"], { directory });
    expect(await command.ended).toMatchObject({ exitCode: 1, err: expect.stringMatching(/No service/) as string });
    rmSync(directory, { recursive: true });
  });
});
