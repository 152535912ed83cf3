// The outside of /rpc: which check comes first, which status follows, and what a reply looks like.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

let running: Running;
beforeAll(async () => {
  running = await runService({ env: { CODEXMANAGER_RPC_MAX_BODY_BYTES: "4096" } });
});
afterAll(() => running.close());

const call = { id: 7, method: "initialize" };

interface Ask {
  readonly method?: string;
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

async function ask({ method = "POST", token, headers = {}, body = JSON.stringify(call) }: Ask) {
  const shown = token === undefined ? running.service.token : token;
  const response = await running.fetch("/rpc", {
    method,
    headers: {
      "content-type": "application/json",
      ...(shown === null ? {} : { "X-CodexManager-Rpc-Token": shown }),
      ...headers,
    },
    ...(method === "GET" ? {} : { body }),
  });
  return { status: response.status, body: await response.text() };
}

describe("/rpc refuses with an empty object and, when several things are wrong, tells the first of", () => {
  const cross = { "sec-fetch-site": "cross-site" };
  const evil = { origin: "https://evil.test" };
  const text = { "content-type": "text/plain" };
  test.each<[string, Ask, number]>([
    ["a method other than POST", { method: "GET", token: null, headers: { ...text, ...cross, ...evil } }, 405],
    ["OPTIONS", { method: "OPTIONS", token: null, headers: text }, 405],
    ["a content type other than JSON", { token: null, headers: { ...text, ...cross, ...evil }, body: "" }, 415],
    ["a content type that only begins like JSON", { headers: { "content-type": "application/jsonp" } }, 415],
    ["a missing token", { token: null, headers: { ...cross, ...evil }, body: "" }, 401],
    ["a wrong token", { token: "wrong", headers: { ...cross, ...evil }, body: "" }, 401],
    ["a cross-site page", { headers: cross, body: "" }, 403],
    ["a foreign origin", { headers: evil, body: "" }, 403],
    ["an opaque origin", { headers: { origin: "null" }, body: "" }, 403],
    ["an origin that only looks local", { headers: { origin: "http://localhost.evil.test" }, body: "" }, 403],
    ["an origin of another scheme", { headers: { origin: "ftp://localhost" }, body: "" }, 403],
    ["a body that is too large", { body: `"${"x".repeat(5000)}"` }, 413],
    ["an empty body", { body: "" }, 400],
    ["bad JSON", { body: "{" }, 400],
    ["a missing id", { body: '{"method":"initialize"}' }, 400],
    ["an id that is no unsigned integer", { body: '{"id":-1,"method":"initialize"}' }, 400],
    ["an id that is a text", { body: '{"id":"1","method":"initialize"}' }, 400],
    ["a fractional id", { body: '{"id":1.5,"method":"initialize"}' }, 400],
    ["a missing method", { body: '{"id":1}' }, 400],
    ["an array", { body: "[]" }, 400],
  ])("%s", async (_what, given, status) => {
    expect(await ask(given)).toEqual({ status, body: "{}" });
  });
});

describe("/rpc answers", () => {
  const reply = { id: 7, result: { server_name: "codexmanager-service", version: expect.any(String) as string } };

  test.each<[string, Ask]>([
    ["a plain call", {}],
    ["parameters on the content type", { headers: { "content-type": "Application/JSON; charset=utf-8" } }],
    ["a page on this machine, whatever its port", { headers: { origin: "http://localhost:5173" } }],
    ["a page on 127.0.0.1 over https", { headers: { origin: "https://127.0.0.1", "sec-fetch-site": "same-site" } }],
    ["a page on ::1", { headers: { origin: "http://[::1]:3000" } }],
    ["parameters that are no object", { body: JSON.stringify({ ...call, jsonrpc: "2.0", params: [1] }) }],
  ])("%s", async (_what, given) => {
    const { status, body } = await ask(given);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual(reply);
  });

  test("a token with blanks around it", async () => {
    expect(await ask({ token: ` ${running.service.token} ` })).toMatchObject({ status: 200 });
  });

  test("an unknown method with a result of its own", async () => {
    const { status, body } = await ask({ body: '{"id":3,"method":"no/such"}' });
    expect([status, JSON.parse(body)]).toEqual([200, { id: 3, result: { error: "unknown_method" } }]);
  });

  test("a method named after a member of every object as unknown", async () => {
    const { body } = await ask({ body: '{"id":3,"method":"constructor"}' });
    expect(JSON.parse(body)).toEqual({ id: 3, result: { error: "unknown_method" } });
  });
});
