// Logins and API keys side by side, and what only API keys can do.

import { describe, expect, test } from "vitest";
import { type BareGateway, type BareGatewayOptions, KEY } from "./bare-gateway.ts";
import { recorded } from "./scripted-provider.ts";
import { sendTurn, turnBody } from "./turn.ts";
import { chat, DEEPSEEK, type Terms, vendor } from "./vendor.ts";

describe("logins and API keys in one pool", () => {
  const RELAY = { ...DEEPSEEK, models: ["gpt-5.5"] };
  const mixed = (routing: BareGatewayOptions["routing"], terms: Terms = {}) =>
    vendor(recorded("chat", "reasoned-text"), { ...RELAY, ...terms }, { accounts: ["ann"], routing: routing ?? {} });
  const exhaust = ({ accounts }: BareGateway) => accounts[0]?.exhaust();

  test("logins serve first, whatever the user's order", async () => {
    const { gateway, upstream } = await mixed({ usesPaidFallback: true, strategy: "balanced" });
    for (const content of ["one", "two", "three"]) {
      await sendTurn(gateway.url, {
        ...chat("gpt-5.5"),
        body: { model: "gpt-5.5", messages: [{ role: "user", content }] },
      });
    }
    expect(upstream.calls).toEqual([]);
  });

  test("a key takes the place of a login only when that is allowed, and the request says so", async () => {
    const { gateway } = await mixed({ usesPaidFallback: true });
    exhaust(gateway);
    expect((await sendTurn(gateway.url, chat("gpt-5.5"))).status).toBe(200);
    expect(await gateway.row(1)).toMatchObject({ accountId: "vendor", isPaidFallback: true });
  });

  test("without that, the client is told what the logins say, and that keys could serve", async () => {
    const { gateway, upstream } = await mixed({});
    exhaust(gateway);
    const end = await sendTurn(gateway.url, chat("gpt-5.5"));
    expect(end.status).toBe(429);
    expect(end.error?.["message"]).toContain("usesPaidFallback");
    expect(upstream.calls).toEqual([]);
    expect(await gateway.row(1)).toMatchObject({ isPaidFallback: false });
  });

  test("a provider that costs nothing needs no permission", async () => {
    const { gateway } = await mixed({}, { isPaid: false });
    exhaust(gateway);
    expect((await sendTurn(gateway.url, chat("gpt-5.5"))).status).toBe(200);
    expect(await gateway.row(1)).toMatchObject({ accountId: "vendor", isPaidFallback: false });
  });

  test("models that only a provider has go there at once, and stand for themselves", async () => {
    const { gateway, upstream } = await mixed({}, { models: ["deepseek-reasoner", "claude-*"] });
    await sendTurn(gateway.url, chat("claude-opus-4-6"));
    expect(upstream.calls[0]?.body).toMatchObject({ model: "claude-opus-4-6" });
    expect(await gateway.row(1)).toMatchObject({
      accountId: "vendor",
      isPaidFallback: false,
      model: "claude-opus-4-6",
    });
  });

  test("a conversation stays where it was begun", async () => {
    const { gateway, upstream } = await mixed({}, { models: ["deepseek-reasoner"] });
    const body = turnBody("hello", { model: "deepseek-reasoner" });
    await sendTurn(gateway.url, { thread: "t", body });
    await sendTurn(gateway.url, { thread: "t", body });
    expect(upstream.calls).toHaveLength(2);
    expect(await gateway.row(2)).toMatchObject({ accountId: "vendor", routeReason: "bound" });
  });
});

describe("a provider of one platform key", () => {
  const own = { ...DEEPSEEK, models: ["gpt-5.5"] };

  test("is the only one that this key is served by", async () => {
    const { gateway, upstream } = await vendor(
      recorded("chat", "reasoned-text"),
      { ...own, keyId: "gk_1" },
      { accounts: ["ann"] },
    );
    await sendTurn(gateway.url, chat("gpt-5.5"));
    expect(upstream.calls).toHaveLength(1);
  });

  test("serves no other key", async () => {
    const { gateway, upstream } = await vendor(
      recorded("chat", "reasoned-text"),
      { ...own, keyId: "gk_other" },
      { accounts: ["ann"] },
    );
    await sendTurn(gateway.url, chat("gpt-5.5"));
    expect(upstream.calls).toEqual([]);
    expect(await gateway.row(1)).toMatchObject({ accountId: "ann" });
  });
});

test("lists of models hold what providers name, and what they would serve of the names clients ask for", async () => {
  const { gateway } = await vendor(recorded("chat", "reasoned-text"), {
    ...DEEPSEEK,
    models: ["deepseek-reasoner", "claude-*"],
  });
  const list = async (headers: Record<string, string>) => {
    const answer = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${KEY}`, ...headers } });
    return ((await answer.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
  };
  expect(await list({})).toContain("deepseek-reasoner");
  expect((await list({ "anthropic-version": "2023-06-01" })).filter((id) => id.startsWith("claude-"))).not.toEqual([]);
});

describe("endpoints that only providers have", () => {
  const OPENAI = { kind: "openai", format: "responses" } as const;

  test("are passed on as they are, whatever they carry, and so is the answer", async () => {
    const sound = "ID3 not text at all";
    const answer = { headers: { "content-type": "audio/mpeg" }, body: sound };
    const { upstream, gateway } = await vendor(answer, OPENAI, { accounts: ["ann"] });
    const body = { model: "tts-1", input: "hello", voice: "alloy" };
    const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
    const end = await fetch(`${gateway.url}/v1/audio/speech`, { method: "POST", headers, body: JSON.stringify(body) });
    expect(end.headers.get("content-type")).toBe("audio/mpeg");
    expect(await end.text()).toBe(sound);
    expect(upstream.calls[0]).toMatchObject({ path: "/v1/audio/speech", body });
    expect(await gateway.row(1)).toMatchObject({ accountId: "vendor", model: "tts-1", isPaidFallback: false });
  });

  test("tell what they cost where they do", async () => {
    const body = {
      object: "list",
      data: [{ embedding: [0.1] }],
      model: "e",
      usage: { prompt_tokens: 8, total_tokens: 8 },
    };
    const { gateway } = await vendor({ body }, { ...OPENAI, modelNames: { e: "text-embedding-3-small" } });
    const end = await sendTurn(gateway.url, {
      thread: null,
      path: "/v1/embeddings",
      body: { model: "e", input: "hi" },
    });
    expect(JSON.parse(end.text)).toEqual(body);
    expect(await gateway.row(1)).toMatchObject({ inputTokens: 8, totalTokens: 8 });
  });

  test.each([{}, { kind: "anthropic", format: "messages" } as const])(
    "are told to be missing where nobody has them: %o",
    async (terms) => {
      const { gateway } = await vendor({ body: {} }, { ...terms, models: ["other"] }, { accounts: ["ann"] });
      const end = await sendTurn(gateway.url, {
        thread: null,
        path: "/v1/embeddings",
        body: { model: "text-embedding-3-small" },
      });
      expect(end.status).toBe(404);
      expect(end.error?.["message"]).toContain("/v1/embeddings is not served here");
    },
  );
});
