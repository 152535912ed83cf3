// The Gemini API through the whole gateway.

import { afterEach, describe, expect, test } from "vitest";
import { faults } from "../../src/demo/index.ts";
import { type BareGateway, KEY, startBareGateway } from "./bare-gateway.ts";
import { sendTurn, type TurnEnd } from "./turn.ts";

let gateway: BareGateway;
afterEach(() => gateway.close());

const MODEL = "/v1beta/models/gpt-5.5";
const hello = (text = "hello [[reply fine]]") => ({ contents: [{ role: "user", parts: [{ text }] }] });

function ask(path: string, body: object = hello()): Promise<TurnEnd> {
  return sendTurn(gateway.url, { thread: null, path, body });
}

describe("a client of the Gemini API", () => {
  test("is answered with one object, or with a stream that says so in its pieces", async () => {
    gateway = await startBareGateway();
    const whole = await ask(`${MODEL}:generateContent`);
    expect(whole.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(whole.text)).toMatchObject({
      candidates: [{ content: { role: "model", parts: [{ text: "fine" }] }, finishReason: "STOP" }],
      modelVersion: "gpt-5.5",
    });
    const stream = await ask(`${MODEL}:streamGenerateContent?alt=sse`);
    expect(stream.headers["content-type"]).toContain("text/event-stream");
    expect(stream.text).toMatch(/^(?:data: \{.*\}\n\n)+$/);
    expect(stream.text).toContain('"finishReason":"STOP"');
  });

  test("may write its platform key into the query, which is not recorded", async () => {
    gateway = await startBareGateway();
    const url = `${gateway.url}${MODEL}:generateContent`;
    const body = JSON.stringify(hello());
    const admitted = await fetch(`${url}?alt=json&key=${KEY}`, { method: "POST", body });
    expect(admitted.status).toBe(200);
    const unknown = await fetch(`${url}?key=another-key`, { method: "POST", body });
    expect(unknown.status).toBe(401);
    expect(await unknown.json()).toMatchObject({ error: { code: 401, status: "UNAUTHENTICATED" } });
    await gateway.row(2);
    expect(gateway.rows[0]).toMatchObject({ path: `${MODEL}:generateContent`, protocol: "gemini", keyId: "gk_1" });
    expect(JSON.stringify(gateway.rows)).not.toMatch(new RegExp(`${KEY}|another-key`));
    expect(JSON.stringify(gateway.world.turns().map((turn) => turn.headers))).not.toContain(KEY);
  });

  test("is told that all accounts are used up in the form that ends its tries", async () => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.exhaust({ resetsInMs: 3_600_000 });
    const refused = await ask(`${MODEL}:streamGenerateContent?alt=sse`);
    expect(refused.status).toBe(429);
    expect(refused.error).toMatchObject({
      status: "RESOURCE_EXHAUSTED",
      details: [{ retryDelay: expect.stringMatching(/^3[56]\d\ds$/) as string }],
    });
  });

  test("goes on with its reasoning on the account that sealed it", async () => {
    gateway = await startBareGateway({ accounts: ["ann", "bob"] });
    const [first] = JSON.parse((await ask(`${MODEL}:generateContent`)).text).candidates as [{ content: object }];
    const contents = [...hello().contents, first.content, { role: "user", parts: [{ text: "more" }] }];
    expect((await ask(`${MODEL}:generateContent`, { contents })).status).toBe(200);
    expect(gateway.world.turns().at(-1)?.body.toString()).toContain('"encrypted_content":"gAAAA');
  });

  test("can ask which models there are", async () => {
    gateway = await startBareGateway();
    const list = async (path: string, name: string) => {
      const answer = await fetch(`${gateway.url}${path}`, { headers: { [name]: KEY } });
      return [answer.status, await answer.json()] as const;
    };
    const model = { name: "models/gpt-5.5", displayName: expect.any(String) as string };
    const models = expect.arrayContaining([expect.objectContaining(model)]) as object[];
    expect(await list("/v1beta/models?pageSize=50", "x-api-key")).toMatchObject([200, { models }]);
    expect(await list("/v1/models", "x-goog-api-key")).toMatchObject([200, { models }]);
    expect(await list("/v1beta/models/gpt-5.5", "x-api-key")).toMatchObject([200, model]);
    expect(await list("/v1beta/models/none", "x-api-key")).toMatchObject([404, { error: { status: "NOT_FOUND" } }]);
  });

  test("can ask how many tokens a request has", async () => {
    gateway = await startBareGateway();
    const counted = await ask(`${MODEL}:countTokens`);
    expect(counted.status).toBe(200);
    expect(JSON.parse(counted.text)).toEqual({ totalTokens: expect.any(Number) as number });
    expect(gateway.world.turns()).toHaveLength(0);
  });

  test("gets a clear refusal in its own form", async () => {
    gateway = await startBareGateway();
    const refused = await ask(`${MODEL}:generateContent`, { ...hello(), cachedContent: "cachedContents/1" });
    expect(refused.error).toMatchObject({
      code: 400,
      status: "INVALID_ARGUMENT",
      details: [{ fieldViolations: [{}] }],
    });
  });

  test("sees no end of an answer that broke off", async () => {
    gateway = await startBareGateway();
    gateway.accounts[0]?.fail(faults.cutStream(14));
    const broken = await ask(`${MODEL}:streamGenerateContent?alt=sse`);
    expect(broken.text).not.toContain("finishReason");
    expect(broken.text).toMatch(/\n\n\{"error":\{"code":503,.*\}\n\n$/);
  });
});
