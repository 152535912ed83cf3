// What each setting of the gateway changes, seen from outside.

import { request } from "node:http";
import { afterEach, expect, test } from "vitest";
import { faults } from "../../src/demo/index.ts";
import { VirtualClock } from "../../src/kit/virtual-clock.ts";
import { type BareGateway, KEY, startBareGateway } from "./bare-gateway.ts";
import { sendTurn, turnBody } from "./turn.ts";

let gateway: BareGateway;
afterEach(() => gateway.close());

const sentUpstream = () => gateway.world.turns().at(-1);

test("the upstream cookie is sent with every request, and only then", async () => {
  gateway = await startBareGateway({ gateway: { upstreamCookie: "cf=1" } });
  await sendTurn(gateway.url, { headers: { cookie: "mine=2" } });
  expect(sentUpstream()?.headers["cookie"]).toBe("cf=1");
  await gateway.close();
  gateway = await startBareGateway();
  await sendTurn(gateway.url, { headers: { cookie: "mine=2" } });
  expect(sentUpstream()?.headers["cookie"]).toBeUndefined();
});

test("the original's header mode leaves out account id and affinity", async () => {
  gateway = await startBareGateway({ gateway: { omitsAccountHeaders: true } });
  await sendTurn(gateway.url, { headers: { conversation_id: "c" } });
  expect(sentUpstream()?.headers).not.toHaveProperty("chatgpt-account-id");
  expect(sentUpstream()?.headers).not.toHaveProperty("conversation_id");
});

test("unknown fields of other clients pass, unless the original's list is asked for", async () => {
  const world = { allow: { parameters: ["brand_new"] } };
  const send = () => sendTurn(gateway.url, { thread: null, body: { model: "gpt-5.5", input: "hello", brand_new: 1 } });
  gateway = await startBareGateway({ world });
  await send();
  expect(sentUpstream()?.json).toHaveProperty("brand_new", 1);
  await gateway.close();
  gateway = await startBareGateway({ world, gateway: { filtersUnknownFields: true } });
  await send();
  expect(sentUpstream()?.json).not.toHaveProperty("brand_new");
});

test("a body larger than the limit is refused in the client's format", async () => {
  gateway = await startBareGateway({ gateway: { maxBodyBytes: 2000 } });
  const end = await sendTurn(gateway.url, { body: turnBody("x".repeat(3000)) });
  expect(end).toMatchObject({ status: 413, error: { code: "request_too_large" } });
});

test("refused tries together take no longer than the retry budget", async () => {
  gateway = await startBareGateway({ accounts: ["ann", "bob"], routing: { retryBudgetMs: 100 } });
  gateway.accounts[0]?.fail(faults.serverError(), { times: 9 });
  expect(await sendTurn(gateway.url)).toMatchObject({ status: 503, error: { code: "upstream_error" } });
  expect((await gateway.row(1)).attempts.map(({ accountId }) => accountId)).toEqual(["ann", "ann"]);
});

test("without patience a request does not wait for an account that is only cooling down", async () => {
  gateway = await startBareGateway({ routing: { coolDownPatienceMs: 0 } });
  gateway.accounts[0]?.fail(faults.rateLimit({ tryAgainIn: "250ms" }));
  expect(await sendTurn(gateway.url)).toMatchObject({ status: 429, error: { code: "rate_limit_exceeded" } });
});

/** Lets time pass whenever something has come, until a sign of life comes. */
function firstSignOfLife(headers: Readonly<Record<string, string>>, clock: VirtualClock): Promise<string> {
  return new Promise((resolve, reject) => {
    const all = { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...headers };
    const outgoing = request(`${gateway.url}/v1/responses`, { method: "POST", headers: all });
    outgoing.on("error", reject);
    outgoing.on("response", (answer) => {
      answer.on("error", () => {});
      answer.on("data", (chunk: Buffer) => {
        const text = chunk.toString("utf8");
        if (!text.includes("keepalive")) return clock.advance(6_000);
        outgoing.destroy();
        resolve(text);
      });
    });
    outgoing.end(JSON.stringify(turnBody()));
  });
}

test("a silent stream gives a sign of life at the heartbeat's interval: an event for Codex, a comment for others", async () => {
  const clock = new VirtualClock();
  gateway = await startBareGateway({ clock, gateway: { heartbeatIntervalMs: 5_000 } });
  gateway.accounts[0]?.fail(faults.stallMidStream(), { times: 2 });
  expect(await firstSignOfLife({ originator: "codex_exec", "thread-id": "t" }, clock)).toBe(
    'event: keepalive\ndata: {"type":"keepalive"}\n\n',
  );
  expect(await firstSignOfLife({}, clock)).toMatch(/^: /);
});
