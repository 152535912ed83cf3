// The web listener: pages, sessions, the calls of pages, the password beyond loopback, and quitting.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { defaultSettings } from "../../src/contract/settings/table.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { httpLink } from "../../src/service/web/service-link.ts";
import type { RunningWeb } from "../../src/service/web/start-web.ts";
import { startWeb } from "../../src/service/web/start-web.ts";
import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

function cookieOf(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

/** A call as a page would send it; every part can be replaced. */
function callRpc(url: string, headers: Record<string, string>, body = '{"id":1,"method":"initialize"}') {
  return fetch(`${url}/api/rpc`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
}

describe("on loopback", () => {
  let running: Running;
  let url: string;
  let cookie: string;
  beforeAll(async () => {
    running = await runService({ hasWeb: true });
    url = running.web?.url ?? "";
    cookie = cookieOf(await fetch(url));
  });
  afterAll(() => running.close());

  test("the page comes with a session that scripts cannot read and other sites do not send", async () => {
    const [set] = (await fetch(url)).headers.getSetCookie();
    expect(set).toMatch(/^codexmanager_session_\d+=[^;]+; .*HttpOnly; SameSite=Strict/);
    expect((await fetch(url, { headers: { cookie } })).headers.getSetCookie()).toEqual([]);
  });

  test("the built-in page is allowed nothing but its own style, and no frame may hold it", async () => {
    const { headers } = await fetch(url);
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'sha256-.*frame-ancestors 'none'/,
    );
    expect(headers.get("x-frame-options")).toBe("DENY");
  });

  test("the built-in page speaks the browser's language, for every path", async () => {
    const page = async (language: string) =>
      (await fetch(`${url}/some/where`, { headers: { "accept-language": language } })).text();
    expect(await page("zh-CN,zh;q=0.9,en;q=0.8")).toContain('lang="zh-CN"');
    expect(await page("de,en;q=0.5")).toContain("CodexManager is running");
    expect(await page("de")).toContain(running.service.url);
  });

  test("a page's call is answered", async () => {
    const response = await callRpc(url, { cookie, origin: url, "sec-fetch-site": "same-origin" });
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toMatchObject({ id: 1, result: { server_name: "codexmanager-service" } });
  });

  test.each<[string, Record<string, string>, number]>([
    ["another content type", { "content-type": "text/plain" }, 415],
    ["no session", { cookie: "" }, 401],
    ["a session nobody has signed", { cookie: "codexmanager_session_1=x.99999999999999.sig" }, 401],
    ["a page elsewhere", { origin: "https://evil.test", "sec-fetch-site": "cross-site" }, 403],
    ["a page on another port of this machine", { origin: "http://localhost:1" }, 403],
    ["a same-site page on another port that hides its origin", { "sec-fetch-site": "same-site" }, 403],
    ["an opaque origin", { origin: "null" }, 403],
  ])("a call with %s is refused", async (_what, headers, status) => {
    const response = await callRpc(url, { cookie, ...headers });
    expect([response.status, await response.text()]).toEqual([status, "{}"]);
  });

  test("a call that is no request is told so, and only POST is taken", async () => {
    expect((await callRpc(url, { cookie }, "{")).status).toBe(400);
    expect((await fetch(`${url}/api/rpc`, { headers: { cookie } })).status).toBe(405);
    expect((await fetch(`${url}/api/elsewhere`, { headers: { cookie } })).status).toBe(404);
  });

  test("pages of later versions learn where to call", async () => {
    const runtime = await fetch(`${url}/api/runtime`);
    expect(await runtime.json()).toMatchObject({ mode: "web-gateway", rpcBaseUrl: "/api/rpc" });
    expect((await fetch(`${url}/api/runtime`, { headers: { origin: "http://localhost:1" } })).status).toBe(403);
    expect(await (await fetch(`${url}/__auth_status`)).json()).toEqual({
      passwordRequired: false,
      authenticated: true,
    });
  });

  test("quitting needs the session and is refused to pages elsewhere; then it is told on", async () => {
    const quit = (headers: Record<string, string>) => fetch(`${url}/__quit`, { headers });
    expect((await quit({})).status).toBe(401);
    expect((await quit({ cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await quit({ cookie, "sec-fetch-site": "same-site" })).status).toBe(403);
    const response = await quit({ cookie, "sec-fetch-site": "none" });
    expect(await response.text()).toContain("has stopped");
    await running.web?.whenAsked;
  });
});

describe("pages from a folder", () => {
  let running: Running;
  let root: string;
  let url: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "cxm-web-"));
    writeFileSync(join(root, "..", "cxm-outside.txt"), "outside");
    mkdirSync(join(root, "assets"));
    writeFileSync(join(root, "index.html"), "<!doctype html>own page");
    writeFileSync(join(root, "assets", "app.js"), "1");
    running = await runService({ hasWeb: true, env: { CODEXMANAGER_WEB_ROOT: root } });
    url = running.web?.url ?? "";
  });
  afterAll(async () => {
    await running.close();
    rmSync(root, { recursive: true });
    rmSync(join(tmpdir(), "cxm-outside.txt"));
  });

  test("are served with their types; other paths give the start page, with a session", async () => {
    const script = await fetch(`${url}/assets/app.js`);
    expect([script.headers.get("content-type"), await script.text()]).toEqual([
      expect.stringContaining("javascript"),
      "1",
    ]);
    const deep = await fetch(`${url}/accounts/7`);
    expect(await deep.text()).toContain("own page");
    expect(cookieOf(deep)).not.toBe("");
  });

  test("nothing outside the folder is reached", async () => {
    for (const path of ["/..%2fcxm-outside.txt", "/%2e%2e/cxm-outside.txt", "/assets/..%5c..%5ccxm-outside.txt"]) {
      expect(await (await fetch(url + path)).text()).not.toContain("outside");
    }
  });
});

describe("beyond loopback", () => {
  let web: RunningWeb;
  const calls: string[] = [];
  beforeAll(async () => {
    const settings = {
      ...defaultSettings,
      web: { ...defaultSettings.web, address: "0.0.0.0:0" },
    };
    const answer = async (message: string) => {
      calls.push(message);
      return { status: 200, body: '{"id":1,"result":{}}' };
    };
    const events = (_id: string | null, response: ServerResponse) => void response.writeHead(200).write(":\n\n");
    const link = { answer, events, stop: () => Promise.resolve() };
    web = await startWeb({
      settings,
      dataDirectory: tmpdir(),
      link,
      serviceUrl: "http://localhost:1",
      token: "t",
      clock: systemClock,
    });
  });
  afterAll(() => web.stop());

  const signIn = (password: string, headers: Record<string, string> = {}) =>
    fetch(`${web.url}/__login`, {
      method: "POST",
      headers,
      body: new URLSearchParams({ password }),
      redirect: "manual",
    });

  test("a password is made up, and without it there is a form and nothing else", async () => {
    expect(web.generatedPassword).toMatch(/^[\w-]{16}$/);
    const page = await fetch(web.url, { redirect: "manual" });
    expect([page.status, page.headers.get("location"), page.headers.getSetCookie()]).toEqual([302, "/__login", []]);
    expect(await (await fetch(`${web.url}/__login`)).text()).toContain('type="password"');
    expect((await fetch(`${web.url}/api/runtime`)).status).toBe(401);
    expect((await callRpc(web.url, {})).status).toBe(401);
    expect(calls).toEqual([]);
  });

  test("the password opens a session, until signed out", async () => {
    const answer = await signIn(web.generatedPassword ?? "");
    const cookie = cookieOf(answer);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
    expect((await callRpc(web.url, { cookie })).status).toBe(200);
    expect(await (await fetch(`${web.url}/__auth_status`, { headers: { cookie } })).json()).toMatchObject({
      authenticated: true,
    });
    const stream = await fetch(`${web.url}/api/events`, { headers: { cookie } });
    await fetch(`${web.url}/__logout`, { method: "POST", headers: { cookie }, redirect: "manual" });
    await expect(stream.text()).rejects.toThrow("terminated");
    expect((await fetch(`${web.url}/api/events`, { headers: { cookie } })).status).toBe(401);
    expect((await callRpc(web.url, { cookie })).status).toBe(401);
  });

  test("a page elsewhere cannot sign in", async () => {
    expect((await signIn(web.generatedPassword ?? "", { origin: "https://evil.test" })).status).toBe(403);
  });

  test("guessing is stopped after five wrong passwords, even for the right one", async () => {
    for (let guess = 0; guess < 5; guess += 1) expect((await signIn("wrong")).status).toBe(401);
    const late = await signIn(web.generatedPassword ?? "");
    expect([late.status, Number(late.headers.get("retry-after")) > 0]).toEqual([429, true]);
  });
});

describe("with the service in another process", () => {
  test("calls are passed on by HTTP with the token", async () => {
    const running = await runService();
    const { url: serviceUrl, token } = running.service;
    const link = httpLink({ url: serviceUrl, token: () => Promise.resolve(token) });
    const settings = { ...defaultSettings, web: { ...defaultSettings.web, address: "localhost:0" } };
    const web = await startWeb({ settings, dataDirectory: tmpdir(), link, serviceUrl, token, clock: systemClock });
    const cookie = cookieOf(await fetch(web.url));
    expect(await (await callRpc(web.url, { cookie })).json()).toMatchObject({
      result: { server_name: expect.any(String) as string },
    });
    await link.stop();
    await running.service.whenAsked;
    await running.close();
    const dead = await callRpc(web.url, { cookie });
    expect([dead.status, await dead.text()]).toEqual([502, expect.stringMatching(/^upstream error: /)]);
    await web.stop();
  });

  test("a service that answers something else is not followed elsewhere", async () => {
    const server = createServer((_request, response) =>
      response.writeHead(302, { location: "http://evil.test/" }).end(),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const link = httpLink({ url: `http://127.0.0.1:${port}`, token: () => Promise.resolve("secret") });
    await expect(link.answer("{}", false)).rejects.toThrow("fetch failed");
    server.close();
  });
});
