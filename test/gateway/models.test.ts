// Names of models and lists of them, as clients of every format meet them.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fault } from "../../src/demo/index.ts";
import { type BareGateway, type BareGatewayOptions, KEY, startBareGateway } from "./bare-gateway.ts";
import { sendTurn, turnBody } from "./turn.ts";

let gateway: BareGateway;
beforeEach(async () => {
  gateway = await startBareGateway();
});
afterEach(() => gateway.close());

async function reopen(options: BareGatewayOptions): Promise<void> {
  await gateway.close();
  gateway = await startBareGateway(options);
}

interface Listing {
  readonly data?: readonly { readonly id: string }[];
  readonly error?: { readonly type: string; readonly message: string };
  readonly [field: string]: unknown;
}

async function ask(path: string, headers: Record<string, string> = {}): Promise<Listing & { status: number }> {
  const answer = await fetch(gateway.url + path, { headers: { authorization: `Bearer ${KEY}`, ...headers } });
  return { status: answer.status, ...((await answer.json()) as Listing) };
}

const asAnthropic = { "anthropic-version": "2023-06-01" };

describe("GET /v1/models", () => {
  test("is the OpenAI list for whoever says nothing else", async () => {
    const { object, data } = await ask("/v1/models");
    expect(object).toBe("list");
    expect(data).toContainEqual(expect.objectContaining({ id: "gpt-5.5", object: "model" }));
  });

  test("is the Anthropic list for a client that names its version of that API", async () => {
    const { data, has_more, first_id, last_id } = await ask("/v1/models?limit=1000", asAnthropic);
    expect(data).toContainEqual(expect.objectContaining({ id: "gpt-5.5", type: "model", display_name: "gpt-5.5" }));
    expect([has_more, first_id, last_id]).toEqual([false, data?.[0]?.id, data?.at(-1)?.id]);
  });

  test("tells of one model, and says in the caller's format that there is no such", async () => {
    expect(await ask("/v1/models/gpt-5.5")).toMatchObject({ status: 200, id: "gpt-5.5", object: "model" });
    expect(await ask("/v1/models/gpt-5.5", asAnthropic)).toMatchObject({ status: 200, id: "gpt-5.5", type: "model" });
    expect(await ask("/v1/models/none")).toMatchObject({ status: 404, error: { type: "invalid_request_error" } });
    expect(await ask("/v1/models/%E0")).toMatchObject({
      status: 404,
      error: { message: expect.stringContaining("%E0") },
    });
    expect(await ask("/v1/models/none", asAnthropic)).toMatchObject({
      status: 404,
      error: { type: "not_found_error" },
    });
  });

  test("has the names that the caller's client asks for by itself, and says what serves them", async () => {
    const anthropic = await ask("/v1/models", asAnthropic);
    expect(anthropic.data).toContainEqual(
      expect.objectContaining({ id: "claude-opus-5-5", display_name: "claude-opus-5-5 (gpt-6.1-sol)" }),
    );
    const gemini = await ask("/v1beta/models", { "x-goog-api-key": KEY });
    expect(gemini["models"]).toContainEqual(
      expect.objectContaining({ name: "models/gemini-3.8-flash", displayName: "gemini-3.8-flash (gpt-5.4-mini)" }),
    );
    const openAi = await ask("/v1/models");
    expect(openAi.data?.filter(({ id }) => !id.startsWith("gpt-"))).toEqual([]);
  });

  test("has none of those that nothing stands for", async () => {
    await reopen({ models: { substitutes: ["*haiku* = @small"] } });
    const ids = (await ask("/v1/models", asAnthropic)).data?.map(({ id }) => id);
    expect(ids?.filter((id) => id.startsWith("claude-"))).toEqual(["claude-haiku-5-5"]);
  });

  test("tells of every name that is served, listed or not", async () => {
    await reopen({ models: { aliases: ["any-* = gpt-5.5"] } });
    expect(await ask("/v1/models/any-one", asAnthropic)).toMatchObject({ display_name: "any-one (gpt-5.5)" });
    expect(await ask("/v1/models/gpt-5.5-high")).toMatchObject({ status: 200, id: "gpt-5.5-high" });
    expect(await ask("/v1/models/claude-opus-4-1", asAnthropic)).toMatchObject({ status: 200, id: "claude-opus-4-1" });
    const gemini = await ask("/v1beta/models/gemini-4-pro", { "x-goog-api-key": KEY });
    expect(gemini).toMatchObject({ status: 200, name: "models/gemini-4-pro", inputTokenLimit: expect.any(Number) });
  });

  test("leaves out what is hidden from people, and has the user's own names", async () => {
    await reopen({ models: { aliases: ["house = gpt-5.5", "any-* = gpt-5.5"] } });
    const ids = (await ask("/v1/models")).data?.map(({ id }) => id);
    expect(ids).toContain("house");
    expect(ids).not.toContain("any-*");
    expect(ids).not.toContain("codex-auto-review");
  });
});

describe("a model's name", () => {
  const foreign = (model: string) => sendTurn(gateway.url, { thread: null, body: { model, input: "hello" } });
  const upstream = () => gateway.world.turns().at(-1)?.json ?? {};

  test("of another vendor is served by what stands for it, and the log tells both", async () => {
    expect((await foreign("claude-opus-5-5")).status).toBe(200);
    expect(await gateway.row(1)).toMatchObject({ clientModel: "claude-opus-5-5", model: "gpt-6.1-sol" });
  });

  test("may carry an effort", async () => {
    await foreign("gpt-5.5-high");
    expect(upstream()).toMatchObject({ model: "gpt-5.5", reasoning: { effort: "high" } });
    expect(await gateway.row(1)).toMatchObject({
      clientModel: "gpt-5.5-high",
      model: "gpt-5.5",
      reasoningEffort: "high",
    });
  });

  test("has only the efforts that the model takes, the nearest one standing for another", async () => {
    await ask("/v1/models");
    await foreign("gpt-5.4-max");
    expect(upstream()).toMatchObject({ model: "gpt-5.4", reasoning: { effort: "xhigh" } });
    expect(await gateway.row(2)).toMatchObject({ reasoningEffort: "xhigh" });
  });

  test("lays down no effort that the upstream is known to refuse, even before it is known what the model takes", async () => {
    await foreign("gpt-5.5-minimal");
    expect(upstream()).toMatchObject({ model: "gpt-5.5", reasoning: { effort: "low" } });
    expect(await gateway.row(1)).toMatchObject({ reasoningEffort: "low" });
  });

  test("of the user's own lays down model, effort and tier", async () => {
    await reopen({ models: { aliases: ["house = gpt-5.5 low priority"] } });
    await foreign("house");
    expect(upstream()).toMatchObject({ model: "gpt-5.5", reasoning: { effort: "low" }, service_tier: "priority" });
  });

  test("is taken at its word from Codex, unless it is the user's own", async () => {
    await reopen({ models: { aliases: ["gpt-6 = gpt-5.5"] } });
    await sendTurn(gateway.url, { body: turnBody("hi", { model: "gpt-6" }) });
    expect(upstream()).toMatchObject({ model: "gpt-5.5" });
    expect(gateway.world.turns().at(-1)?.account?.name).toBe("ann");
  });

  test("that Codex is given another model for asks that one for no effort it does not take", async () => {
    await reopen({ models: { aliases: ["gpt-6 = gpt-5.4"] } });
    await ask("/v1/models");
    await sendTurn(gateway.url, { body: turnBody("hi", { model: "gpt-6", reasoning: { effort: "max" } }) });
    expect(upstream()).toMatchObject({ model: "gpt-5.4", reasoning: { effort: "xhigh" } });
    expect(await gateway.row(2)).toMatchObject({ clientReasoningEffort: "max", reasoningEffort: "xhigh" });
  });

  test("is not contradicted inside the stream either when Codex is given another model", async () => {
    await reopen({ models: { aliases: ["gpt-6 = gpt-5.5"] } });
    const headers = { "openai-model": "gpt-5.5", "x-codex-turn-state": "s" };
    const metadata = { type: "response.metadata", headers };
    const told: Fault = { kind: "stream", name: "metadata", events: (pieces) => [metadata, ...pieces] };
    gateway.accounts[0]?.fail(told);
    const mapped = await sendTurn(gateway.url, { body: turnBody("hi", { model: "gpt-6" }) });
    expect(mapped.isComplete).toBe(true);
    expect(mapped.text).toContain("x-codex-turn-state");
    expect(mapped.text).not.toContain("openai-model");
    expect(mapped.headers).not.toHaveProperty("openai-model");
    gateway.accounts[0]?.fail(told);
    const plain = await sendTurn(gateway.url, { body: turnBody("hi", { model: "gpt-5.5" }) });
    expect(plain.text).toContain("openai-model");
    expect(plain.headers).toMatchObject({ "openai-model": "gpt-5.5" });
  });

  test("is never contradicted by what the upstream calls its model", async () => {
    const answer = await fetch(`${gateway.url}/v1/responses`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-5.5-high", input: "hello" }),
    });
    expect(answer.headers.get("openai-model")).toBeNull();
    await answer.text();
  });
});
