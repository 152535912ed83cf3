// A gateway with one provider that answers as it is told, and what clients ask it.

import { afterEach } from "vitest";
import { provider } from "../../src/upstream/testing.ts";
import { type BareGateway, type BareGatewayOptions, startBareGateway } from "./bare-gateway.ts";
import { type ProviderAnswer, type ScriptedProvider, startScriptedProvider } from "./scripted-provider.ts";

export const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
});

export const REASONED = "9.8 is larger.";
export const DEEPSEEK = { format: "chat", models: ["deepseek-reasoner"] } as const;
export const CLAUDE = { kind: "anthropic", format: "messages", keyPlace: "x-api-key" } as const;
export const GEMINI = { kind: "gemini", format: "gemini", keyPlace: "x-goog-api-key" } as const;

export type Terms = Parameters<typeof provider>[0];

export async function vendor(
  answer: ProviderAnswer,
  terms: Terms,
  options: BareGatewayOptions = {},
): Promise<{ upstream: ScriptedProvider; gateway: BareGateway }> {
  const upstream = await startScriptedProvider(answer);
  opened.push(upstream);
  const own = provider({ name: "vendor", baseUrl: upstream.url, ...terms });
  const gateway = await startBareGateway({ accounts: [], ...options, providers: [own, ...(options.providers ?? [])] });
  opened.push(gateway);
  return { upstream, gateway };
}

export const chat = (model: string, more: object = {}) => ({
  thread: null,
  path: "/v1/chat/completions",
  body: { model, messages: [{ role: "user", content: "Which is larger?" }], ...more },
});
export const messages = (model: string, more: object = {}) => ({
  thread: null,
  path: "/v1/messages",
  body: { model, max_tokens: 100, messages: [{ role: "user", content: "Which is larger?" }], ...more },
});
export const gemini = (model: string, call: string) => ({
  thread: null,
  path: `/v1beta/models/${model}:${call}`,
  body: { contents: [{ role: "user", parts: [{ text: "Which is larger?" }] }] },
});

export const chatText = (text: string) =>
  (JSON.parse(text) as { choices: { message: { content: string } }[] }).choices[0]?.message;
export const lastPath = ({ calls }: ScriptedProvider) => calls.at(-1)?.path;
