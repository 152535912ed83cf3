// What clients and accounts prove themselves with stays where it belongs, even when an upstream repeats it in a refusal:
// in no row, trace, metric, log or file, and a platform key in no upstream request.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { DemoAccount } from "../../src/demo/index.ts";
import { faults } from "../../src/demo/index.ts";
import type { Log } from "../../src/kit/log.ts";
import type { Pooled } from "../faults/pooled-service.ts";
import { startPooled } from "../faults/pooled-service.ts";
import { turnBody } from "../gateway/turn.ts";

const clientToken = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ0aGUtY2xpZW50In0.c2lnbmF0dXJlLW9mLXRoZS1jbGllbnQ";
const unknownKey = "0123456789abcdef".repeat(4);

const logged: string[] = [];
const line = (message: string, fields?: object) => void logged.push(message, JSON.stringify(fields ?? {}));
const log: Log = { info: line, warn: line, error: line, flush: () => Promise.resolve() };

let service: Pooled;
/** What must not be seen, by what it is. */
const secrets = new Map<string, string>();
let rowsText: string;
let metricsText: string;
const answers: string[] = [];

beforeAll(async () => {
  service = await startPooled({
    log,
    env: { CODEXMANAGER_TRACE: "1", CODEXMANAGER_TRACE_BODY_PREVIEW_MAX_BYTES: "8192" },
  });
  secrets.set("platform key", service.key).set("client's own token", clientToken).set("unknown key", unknownKey);
  const accounts = await service.refill(3);
  for (const account of accounts) noteTokens(account);
  await sendEverything(accounts as [DemoAccount, DemoAccount, DemoAccount]);
  for (const account of accounts) noteTokens(account);
  rowsText = JSON.stringify(await service.rows(7));
  metricsText = await (await fetch(`${service.url}/metrics`)).text();
  await service.restart();
});
afterAll(() => service.close());

function noteTokens(account: DemoAccount): void {
  const { accessToken, refreshToken, idToken } = account.login;
  for (const [kind, token] of Object.entries({ accessToken, refreshToken, idToken })) {
    secrets.set(`${account.name}'s ${kind} ${secrets.size}`, tellingPart(token));
  }
}

/** A long token may be cut short somewhere and be told all the same. */
function tellingPart(token: string): string {
  return token.length > 200 ? token.slice(70, 130) : token;
}

/** A refusal that tells what it was sent. */
function repeated({ login }: DemoAccount): { error: { message: string; type: string } } {
  return { error: { message: `Not taken: Bearer ${login.accessToken}.`, type: "invalid_request_error" } };
}

async function sendEverything([repeating, reused, healthy]: [DemoAccount, DemoAccount, DemoAccount]): Promise<void> {
  const { accessToken, refreshToken } = reused.login;
  repeating.fail(faults.answer({ status: 403, body: repeated(repeating) }));
  reused.invalidateAccessTokens();
  const ended = {
    error: { message: `Refresh token ${refreshToken} of ${accessToken}`, code: "refresh_token_expired" },
  };
  reused.fail(faults.answer({ status: 401, body: ended }), { on: "token" });
  const inPath = { path: `/k/${service.key}/v1/responses`, headers: { authorization: `Bearer ${clientToken}` } };
  const turns = [{}, inPath, { headers: { authorization: `Bearer ${clientToken}` } }];
  const unknown = [{ headers: { authorization: `Bearer ${unknownKey}` } }, { path: `/k/${unknownKey}/v1/responses` }];
  for (const turn of [...turns, ...unknown]) answers.push((await service.turn(turn)).text);
  healthy.fail(faults.answer({ status: 400, body: repeated(healthy) }));
  answers.push((await service.turn({ body: turnBody("once more"), headers: { "x-api-key": service.key } })).text);
  healthy.fail(faults.failedInStream("odd", repeated(healthy).error.message));
  await service.turn();
}

/** Names of the secrets that a text holds. */
function secretsIn(text: string): string[] {
  return [...secrets].filter(([, secret]) => text.includes(secret)).map(([name]) => name);
}

test("the turns that were to show them were served, refused and renewed", () => {
  expect(JSON.parse(rowsText)).toMatchObject([
    { statusCode: 200, attempts: [{ status: 403 }, { status: 401 }, expect.anything(), { status: 200 }] },
    { statusCode: 200 },
    { statusCode: 403 },
    { statusCode: 401 },
    { statusCode: 401 },
    { statusCode: 400 },
    { statusCode: 200 },
  ]);
  expect(rowsText.match(/Not taken: /g)).toHaveLength(4);
  expect(secrets.size).toBeGreaterThan(10);
});

test("no row of the request log holds one", () => expect(secretsIn(rowsText)).toEqual([]));

test("no metric holds one", () => {
  expect(metricsText).toContain("gateway_requests_total");
  expect(secretsIn(metricsText)).toEqual([]);
});

test("no line of the program's log holds one", () => expect(secretsIn(logged.join("\n"))).toEqual([]));

test("no answer holds one", () => expect(secretsIn(answers.join("\n"))).toEqual([]));

test("the trace tells of every request, without them", () => {
  const trace = readFileSync(join(service.directory, "gateway-trace.log"), "utf8");
  expect(trace).toContain("REQUEST_BODY");
  expect(trace.match(/REQUEST_FINAL/g)).toHaveLength(7);
  expect(secretsIn(trace)).toEqual([]);
});

test("no file in the data directory holds one in clear text", () => {
  const names = readdirSync(service.directory);
  expect(names).toContain("codexmanager.db");
  const found = names.map((name) => [name, secretsIn(readFileSync(join(service.directory, name), "latin1"))]);
  expect(found.filter(([, secret]) => (secret ?? []).length > 0)).toEqual([]);
});

test("upstream requests hold neither a platform key nor the client's own token", () => {
  const { requests } = service.world;
  expect(requests.length).toBeGreaterThan(3);
  const sent = requests.map(({ url, rawHeaders, body }) => `${url}\n${rawHeaders.join("\n")}\n${body.toString()}`);
  const ofClients = new Set(["platform key", "client's own token", "unknown key"]);
  expect(secretsIn(sent.join("\n")).filter((name) => ofClients.has(name))).toEqual([]);
});
