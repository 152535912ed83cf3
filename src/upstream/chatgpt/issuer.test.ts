import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTransport } from "../transport.ts";
import { createIssuer } from "./issuer.ts";
import type { Issuer } from "./issuer.ts";

const transport = createTransport({ connectTimeoutMs: 1_000, proxies: [], environment: {} });
let server: Server;
let issuer: Issuer;
let answer: { status: number; body: string };
let seen: { url: string | undefined; type: string | undefined; body: string };

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      seen = { url: request.url, type: request.headers["content-type"], body: Buffer.concat(chunks).toString() };
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = issuerAt((server.address() as AddressInfo).port);
});

afterAll(async () => {
  await transport.close();
  server.close();
});

beforeEach(() => (answer = { status: 200, body: "{}" }));

function issuerAt(port: number): Issuer {
  return createIssuer({
    transport,
    issuerUrl: `http://127.0.0.1:${port}/`,
    clientId: "app_1",
    originator: "codexmanager",
    userAgent: "codexmanager/0",
    timeoutMs: 2_000,
  });
}

test("sends what the Codex CLI sends and reads whatever of the tokens comes back", async () => {
  answer.body = JSON.stringify({ access_token: "at", refresh_token: "rt", expires_in: 60 });
  const renewed = { kind: "renewed", accessToken: "at", refreshToken: "rt", idToken: null, lifeMs: 60_000 };
  expect(await issuer.refresh("acc_1", "rt_old")).toEqual(renewed);
  expect(seen).toMatchObject({ url: "/oauth/token", type: "application/json" });
  expect(JSON.parse(seen.body)).toEqual({ client_id: "app_1", grant_type: "refresh_token", refresh_token: "rt_old" });
});

const codes = [
  "refresh_token_expired",
  "refresh_token_reused",
  "refresh_token_invalidated",
  "invalid_grant",
  "app_session_terminated",
  "account_session_expired",
];

test.each(codes.flatMap((code) => [400, 401].map((status) => [status, code] as const)))(
  "%d %s is final, in either form of error body",
  async (status, code) => {
    for (const body of [{ error: code }, { error: { code, message: "…" } }, { code }]) {
      answer = { status, body: JSON.stringify(body) };
      expect(await issuer.refresh("acc_1", "rt")).toEqual({ kind: "refused", state: "sign_in", code });
    }
  },
);

test("any other 401 of the issuer is final too, and a blocked region is told apart", async () => {
  answer = { status: 401, body: JSON.stringify({ error: { code: "token_expired" } }) };
  expect(await issuer.refresh("acc_1", "rt")).toMatchObject({
    kind: "refused",
    state: "sign_in",
    code: "token_expired",
  });
  answer = { status: 403, body: JSON.stringify({ error: { code: "unsupported_country_region_territory" } }) };
  expect(await issuer.refresh("acc_1", "rt")).toMatchObject({ kind: "refused", state: "no_access" });
});

test.each([
  [200, "<html>"],
  [400, JSON.stringify({ error: "invalid_client" })],
  [401, "<html>challenge</html>"],
  [403, JSON.stringify({ error: "forbidden" })],
  [429, "{}"],
  [500, JSON.stringify({ error: "invalid_grant" })],
  [503, ""],
])("%d %s says nothing about the login", async (status, body) => {
  answer = { status, body };
  expect(await issuer.refresh("acc_1", "rt")).toMatchObject({ kind: "unreachable" });
});

test("an endless answer and a closed port are trouble on the way", async () => {
  answer.body = " ".repeat(2_000_000);
  expect(await issuer.refresh("acc_1", "rt")).toMatchObject({
    kind: "unreachable",
    message: expect.stringContaining("bytes"),
  });
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const message = expect.stringContaining("ECONNREFUSED");
  expect(await issuerAt(port).refresh("acc_1", "rt")).toMatchObject({ kind: "unreachable", message });
});
