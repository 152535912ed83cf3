// Providers from the first preset to the last key, over RPC, with a relay that plays a vendor.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { ChatRelay } from "./chat-relay.ts";
import { RELAY_KEY, startChatRelay } from "./chat-relay.ts";
import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

let running: Running;
let relay: ChatRelay;
let baseUrl: string;

beforeAll(async () => {
  relay = await startChatRelay();
  ({ baseUrl } = relay);
  running = await runService();
});
afterAll(async () => {
  await running.close();
  relay.close();
});
beforeEach(async () => {
  for (const { id } of (await running.rpc("provider/list")).items) {
    await running.rpc("provider/delete", { providerId: id });
  }
});

const relayWish = () => ({ name: "Relay", baseUrl, isOnMyNetwork: true });

describe("making a provider", () => {
  test("a preset and a key make a provider and an account of the pool", async () => {
    const { items } = await running.rpc("provider/presets");
    expect(items.find(({ id }) => id === "openai")).toMatchObject({ kind: "openai", title: { en: "OpenAI" } });
    const made = await running.rpc("provider/create", {
      preset: "openai",
      keys: [{ apiKey: RELAY_KEY, groupName: "paid" }],
    });
    expect(made.provider).toMatchObject({ name: "OpenAI", preset: "openai", accounts: 1, state: "ready" });
    const accounts = (await running.rpc("account/list")).items;
    expect(accounts).toMatchObject([{ id: made.accountIds[0], label: "OpenAI …cdef", groupName: "paid" }]);
  });

  test("nothing that was kept secret is shown again, and a mask that is sent back changes nothing", async () => {
    const { provider } = await running.rpc("provider/create", {
      ...relayWish(),
      headers: { "x-team": "secret-team" },
      proxyUrl: "http://user:secret-pass@proxy.example:8080",
      keys: [{ apiKey: RELAY_KEY }],
    });
    const shown = JSON.stringify([await running.rpc("provider/list"), await running.rpc("account/list")]);
    expect(shown).not.toMatch(/secret-|sk-relay/);
    expect(provider).toMatchObject({ headers: { "x-team": "***" }, proxyUrl: "http://***:***@proxy.example:8080/" });
    const { id: providerId, headers, proxyUrl } = provider;
    await running.rpc("provider/update", { providerId, headers: { ...headers, "x-new": "1" }, proxyUrl });
    expect(running.service.core.providers.find(providerId)?.secrets).toEqual({
      headers: { "x-team": "secret-team", "x-new": "1" },
      proxyUrl: "http://user:secret-pass@proxy.example:8080",
    });
  });

  test("what is wrong is named by its field, and nothing is made", async () => {
    expect(await running.ask("provider/create", { preset: "azure" })).toEqual({
      error: expect.stringMatching(/^baseUrl: /) as string,
    });
    expect(await running.ask("provider/create", { ...relayWish(), kind: "nobody" })).toEqual({
      error: expect.stringMatching(/^kind: /) as string,
    });
    expect(await running.ask("provider/create", { ...relayWish(), keys: [{ apiKey: "" }] })).toEqual({
      error: "apiKey: Relay asks for one",
    });
    expect((await running.rpc("provider/list")).items).toEqual([]);
  });

  test("a provider without a key says so, is renamed and switched off, and goes with its keys", async () => {
    const { provider } = await running.rpc("provider/create", relayWish());
    const { id: providerId } = provider;
    expect(provider).toMatchObject({ accounts: 0, state: "no_key" });
    const { accountId } = await running.rpc("provider/key/add", { providerId, apiKey: RELAY_KEY, label: "mine" });
    expect((await running.rpc("account/list")).items).toMatchObject([{ id: accountId, label: "mine" }]);
    const changed = await running.rpc("provider/update", { providerId, name: "Other", isEnabled: false });
    expect(changed.provider).toMatchObject({ name: "Other", state: "disabled", baseUrl });
    await running.rpc("provider/delete", { providerId });
    expect((await running.rpc("account/list")).items).toEqual([]);
    for (const method of ["provider/update", "provider/key/add", "provider/models/refresh"]) {
      expect(await running.ask(method, { providerId, apiKey: "k" })).toMatchObject({
        error: expect.stringContaining("no such provider") as string,
      });
    }
    expect(await running.ask("provider/delete", { providerId })).toMatchObject({ ok: false });
  });
});

describe("testing a provider", () => {
  test("a draft is tried before anything is saved", async () => {
    expect(await running.rpc("provider/test", { draft: relayWish(), apiKey: RELAY_KEY })).toMatchObject({
      outcome: "works",
      next: null,
      models: ["large", "small"],
      model: "large",
      answer: "ok",
      tokens: { input: 8, output: 1 },
    });
    expect((await running.rpc("provider/list")).items).toEqual([]);
  });

  test("a wrong key is told in plain words with what to do", async () => {
    const report = await running.rpc("provider/test", { draft: relayWish(), apiKey: "sk-other" });
    expect(report).toMatchObject({
      outcome: "key_refused",
      isReached: true,
      isKeyAccepted: false,
      detail: "Wrong key",
    });
    expect(report.next?.en).toContain("Check that the key");
    expect(report.says.zh).toContain("密钥");
  });

  test("a saved account, and another key at its provider", async () => {
    const made = await running.rpc("provider/create", { ...relayWish(), keys: [{ apiKey: RELAY_KEY }] });
    const { id: providerId } = made.provider;
    expect(await running.rpc("provider/test", { accountId: made.accountIds[0] })).toMatchObject({ outcome: "works" });
    expect(await running.rpc("provider/test", { providerId, model: "small" })).toMatchObject({ model: "small" });
    expect(await running.rpc("provider/test", { providerId, apiKey: "sk-other" })).toMatchObject({
      outcome: "key_refused",
    });
  });

  test("what is not there is told", async () => {
    expect(await running.ask("provider/test", {})).toMatchObject({
      error: expect.stringContaining("what to test") as string,
    });
    expect(await running.ask("provider/test", { accountId: "nobody" })).toMatchObject({
      error: expect.stringMatching(/^accountId:/) as string,
    });
  });
});

test("the list of models is read, and kept when that is wanted", async () => {
  const { provider } = await running.rpc("provider/create", { ...relayWish(), keys: [{ apiKey: RELAY_KEY }] });
  const { id: providerId } = provider;
  const models = ["large", "small"];
  expect(await running.rpc("provider/models/refresh", { providerId })).toEqual({ models, isKept: false });
  expect((await running.rpc("provider/list")).items[0]?.models).toEqual([]);
  await running.rpc("provider/models/refresh", { providerId, keep: true });
  expect((await running.rpc("provider/list")).items[0]?.models).toEqual(models);
});
