// The commands about providers, through a running service.

import { afterAll, beforeAll, expect, test } from "vitest";

import { runCommand } from "./fake-terminal.ts";
import type { ChatRelay } from "./chat-relay.ts";
import { RELAY_KEY, startChatRelay } from "./chat-relay.ts";
import type { Running } from "./running-service.ts";
import { runService } from "./running-service.ts";

let running: Running;
let relay: ChatRelay;

beforeAll(async () => {
  relay = await startChatRelay();
  running = await runService();
});
afterAll(async () => {
  await running.close();
  relay.close();
});

interface Given {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const command = (args: string, given: Given = {}) =>
  runCommand(args.split(" "), { directory: running.directory, ...given });
const json = async (args: string, given: Given = {}) =>
  JSON.parse((await command(`${args} --json`, given)).out) as Record<string, unknown>;

test("presets are listed with their addresses and the pages where keys are made", async () => {
  const { out } = await command("provider presets");
  expect(out).toMatch(/^ID +NAME +FORMAT +ADDRESS +KEY PAGE/);
  expect(out).toMatch(/deepseek +DeepSeek +chat +https:\/\/api\.deepseek\.com +https:\/\/platform\.deepseek\.com/);
});

test("a provider is tried, added, listed, given another key, changed and removed, without a key on the command line", async () => {
  const place = `--address ${relay.baseUrl} --on-my-network yes`;
  const env = { RELAY_KEY };
  const tried = await command(`provider test ${place} --key-env RELAY_KEY`, { env });
  expect(tried).toMatchObject({ exitCode: 0 });
  expect(tried.out).toMatch(/It works[\s\S]*Models listed: 2[\s\S]*large answered in \d+ ms\. ok[\s\S]*8 in, 1 out/);

  expect((await command("provider list")).out).toContain("No providers yet");
  expect((await command(`provider add ${place} --name Relay`, { input: `${RELAY_KEY}\n` })).out).toBe(
    "Relay was added.",
  );
  expect((await command("provider list")).out).toMatch(/Relay +chat +1 +ready +http:/);
  expect(await json("provider test relay")).toMatchObject({ outcome: "works", model: "large" });
  expect(await json("provider models Relay --keep")).toEqual({ models: ["large", "small"], isKept: true });

  const wrong = await command("provider test Relay --key-env OTHER", { env: { OTHER: "sk-other" } });
  expect(wrong).toMatchObject({ exitCode: 1 });
  expect(wrong.out).toMatch(/The key is not accepted\.\nWrong key\nCheck that the key/);

  expect((await command("provider key-add Relay --label second", { input: "sk-second" })).out).toContain(
    "added to Relay",
  );
  expect(await json("provider set Relay --model-names fast=small --enabled no --paid no")).toMatchObject({
    provider: { accounts: 2, state: "disabled", modelNames: { fast: "small" }, isPaid: false },
  });
  expect((await command("provider remove Relay")).out).toBe("Relay was removed with its keys.");
  expect(await json("provider list")).toEqual({ items: [] });
});

test("a preset of a program on this computer asks for no key, and one may be added later", async () => {
  expect(await json("provider add ollama")).toMatchObject({ provider: { accounts: 1, isPaid: false } });
  expect(await json("provider add groq --no-key")).toMatchObject({ provider: { accounts: 0, state: "no_key" } });
  await command("provider remove Groq");
  await command("provider remove ollama").then(({ exitCode }) => expect(exitCode).toBe(3));
});

test("what cannot be done is said in one sentence", async () => {
  expect(await command("provider add openai --key-env NOT_SET")).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining("NOT_SET is not set") as string,
  });
  expect(await command("provider add openai", { input: "" })).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("apiKey: OpenAI asks for one") as string,
  });
  expect(await command("provider set nobody --name x")).toMatchObject({ exitCode: 3 });
  expect(await command("provider test")).toMatchObject({ exitCode: 2 });
  expect(await command("provider add --address http://a --paid maybe --no-key")).toMatchObject({ exitCode: 2 });
});
