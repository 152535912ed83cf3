// Who may ask what: host names, pages, tokens, sessions, and what changes beyond loopback.

import { request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { statSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Unlike fetch, sends whatever Host it is told to. */
function ask(url: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** The first line of what a raw request is answered with. */
function askRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("close", () => resolve(answer.split("\r\n")[0] ?? ""));
    socket.on("error", reject);
  });
}

const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address && !address.internal && address.family === "IPv4")?.address;

describe("on loopback", () => {
  let running: Running;
  beforeAll(async () => {
    running = await runService({ hasWeb: true, env: { CODEXMANAGER_ALLOWED_HOSTS: "gateway.lan" } });
  });
  afterAll(() => running.close());

  test("only this machine is listened to", async () => {
    const { port } = running.service;
    expect(await ask(`http://127.0.0.1:${port}/health`)).toEqual({ status: 200, body: "ok" });
    expect(await ask(`http://[::1]:${port}/health`)).toEqual({ status: 200, body: "ok" });
    if (outside) await expect(ask(`http://${outside}:${port}/health`)).rejects.toThrow("ECONNREFUSED");
  });

  test.each(["/health", "/rpc", "/events", "/metrics", "/__shutdown", "/v1/models", "/auth/callback", "/anything"])(
    "a foreign host name is turned away at %s",
    async (path) => {
      for (const host of ["evil.test", "localhost.evil.test", "127.0.0.1.nip.io", "0.0.0.0", "127.0.0.2"]) {
        const { status, body } = await ask(`${running.service.url}${path}`, { host });
        expect([host, status]).toEqual([host, 403]);
        expect(body).toContain("CODEXMANAGER_ALLOWED_HOSTS");
      }
    },
  );

  test("a foreign host name is turned away by the web listener, whatever the path", async () => {
    for (const path of ["/", "/api/rpc", "/api/runtime", "/__quit"]) {
      expect(await ask(`${running.web?.url}${path}`, { host: "evil.test" })).toMatchObject({ status: 403 });
    }
  });

  test("not even the right token or a platform key opens another name", async () => {
    const key = await running.createKey();
    const headers = { host: "evil.test", "x-codexmanager-rpc-token": running.service.token, "x-api-key": key };
    expect(await ask(`${running.service.url}/v1/models`, headers)).toMatchObject({ status: 403 });
  });

  test("the operator's own names are accepted", async () => {
    expect(await ask(`${running.service.url}/health`, { host: "gateway.lan:80" })).toMatchObject({ status: 200 });
  });

  test("an upgrade under a foreign name is refused, and so is one under our own without a key", async () => {
    const key = await running.createKey();
    const upgrade = (host: string, path = "/v1/responses") =>
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    expect(await askRaw(running.service.port, upgrade("evil.test", `/k/${key}/v1/responses`))).toContain("403");
    expect(await askRaw(running.service.port, upgrade("localhost"))).toContain("401");
    expect(await askRaw(running.service.port, upgrade("localhost", "/rpc"))).toContain("426");
  });

  test("a request that offers HTTP/2 is answered over HTTP/1.1", async () => {
    const offer = "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
    const answer = await askRaw(running.service.port, `GET /health HTTP/1.1\r\nHost: localhost\r\n${offer}\r\n`);
    expect(answer).toContain("200 OK");
  });

  test("a name with escape sequences does not reach the answer", async () => {
    expect((await ask(`${running.service.url}/health`, { host: "a\u009b31mb" })).body).not.toContain("\u009b");
  });

  test("OPTIONS is answered empty, without any CORS header", async () => {
    const response = await running.fetch("/v1/responses", {
      method: "OPTIONS",
      headers: { origin: "https://evil.test" },
    });
    expect(response.status).toBe(204);
    expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test("metrics are there for this machine", async () => {
    const response = await running.fetch("/metrics");
    expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const names = (await response.text()).match(/^codexmanager_\w+/gm) ?? [];
    for (const name of ["gateway_requests_total", "rpc_requests_total", "gateway_account_inflight_total"]) {
      expect(names).toContain(`codexmanager_${name}`);
    }
  });

  test("the token and key files are private", () => {
    for (const file of [
      "codexmanager.rpc-token",
      "codexmanager.key",
      "codexmanager.db",
      "codexmanager.instance.json",
    ]) {
      expect([file, statSync(join(running.directory, file)).mode & 0o777]).toEqual([file, 0o600]);
    }
  });

  test("shutting down needs the token and is refused to pages elsewhere", async () => {
    const url = `${running.service.url}/__shutdown`;
    const token = { "x-codexmanager-rpc-token": running.service.token };
    expect(await ask(url)).toMatchObject({ status: 401 });
    expect(await ask(url, { ...token, "sec-fetch-site": "cross-site" })).toMatchObject({ status: 403 });
    expect(await ask(url, { ...token, origin: "https://evil.test" })).toMatchObject({ status: 403 });
    expect(await ask(`${running.service.url}/health`)).toMatchObject({ status: 200 });
  });

  test("an answer to a sign-in that nobody has begun is refused", async () => {
    expect(await ask(`${running.service.url}/auth/callback?code=1&state=2`)).toMatchObject({ status: 400 });
  });
});

describe.skipIf(outside === undefined)("beyond loopback", () => {
  let running: Running;
  beforeAll(async () => {
    running = await runService({ env: { CODEXMANAGER_SERVICE_ADDR: "0.0.0.0:0" } });
  });
  afterAll(() => running.close());

  const there = () => `http://${outside}:${running.service.port}`;

  test("the address the connection came in by is an accepted name, a foreign name is not", async () => {
    expect(await ask(`${there()}/health`)).toMatchObject({ status: 200 });
    expect(await ask(`${there()}/health`, { host: "evil.test" })).toMatchObject({ status: 403 });
  });

  test("a platform key or the RPC token opens other names, in the path too", async () => {
    const key = await running.createKey();
    const host = "codexmanager-service:48760";
    const token = running.service.token;
    expect(await ask(`${there()}/health`, { host, authorization: `Bearer ${key}` })).toMatchObject({ status: 200 });
    expect(await ask(`${there()}/k/${key}/v1/models`, { host })).toMatchObject({ status: 200 });
    expect(await ask(`${there()}/health`, { host, "x-codexmanager-rpc-token": token })).toMatchObject({ status: 200 });
    expect(await ask(`${there()}/health`, { host, authorization: "Bearer wrong" })).toMatchObject({ status: 403 });
  });

  test("the gateway still asks for a key, RPC for the token, and metrics stay on this machine", async () => {
    expect(await ask(`${there()}/v1/models`)).toMatchObject({ status: 401 });
    expect(await ask(`${there()}/rpc`, { "content-type": "application/json" }, "POST")).toMatchObject({ status: 401 });
    expect(await ask(`${there()}/metrics`)).toMatchObject({ status: 403 });
    expect(await ask(`${running.service.url}/metrics`)).toMatchObject({ status: 200 });
  });
});
