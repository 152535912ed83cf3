// A relay that speaks Chat Completions to whoever shows its key, on a free loopback port.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export const RELAY_KEY = "sk-relay-0123456789abcdef";

export interface ChatRelay {
  readonly baseUrl: string;
  close(): void;
}

export async function startChatRelay(): Promise<ChatRelay> {
  const server = createServer(({ headers, method }, response) => {
    const isKnown = headers.authorization === `Bearer ${RELAY_KEY}`;
    const answer = isKnown ? answerTo(method ?? "") : { error: { message: "Wrong key", code: "invalid_api_key" } };
    response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answerTo(method: string): object {
  if (method === "GET") return { data: [{ id: "large" }, { id: "small" }] };
  const message = { role: "assistant", content: "ok" };
  return {
    choices: [{ index: 0, message, finish_reason: "stop" }],
    usage: { prompt_tokens: 8, completion_tokens: 1 },
  };
}
