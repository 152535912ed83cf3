// A provider that answers as it is told and remembers what it was asked.

import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync } from "node:fs";

export interface ProviderCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ProviderAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  readonly body: unknown;
}

export interface ScriptedProvider {
  readonly url: string;
  readonly calls: readonly ProviderCall[];
  /** What is answered from now on. */
  answer: ProviderAnswer;
  close(): Promise<void>;
}

const EVENT_STREAM = { "content-type": "text/event-stream" };

export async function startScriptedProvider(answer: ProviderAnswer): Promise<ScriptedProvider> {
  const calls: ProviderCall[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const text = Buffer.concat(pieces).toString();
      calls.push({ path: request.url ?? "", headers: request.headers, body: text === "" ? {} : JSON.parse(text) });
      const { status = 200, headers = {}, body } = provider.answer;
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const provider: ScriptedProvider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}

/** The events of a recorded stream. */
export function recorded(format: "chat" | "messages" | "gemini", name: string): ProviderAnswer {
  const file = new URL(`../../src/wire/${format}/upstream/fixtures/${name}.jsonl`, import.meta.url);
  const events = readFileSync(file, "utf8").trim().split("\n");
  return stream(events, format === "messages");
}

/** These payloads as a stream; with names where the format has them. */
export function stream(payloads: readonly string[], isNamed = false): ProviderAnswer {
  const nameOf = (payload: string) => `event: ${(JSON.parse(payload) as { type: string }).type}\n`;
  const body = payloads.map((payload) => `${isNamed ? nameOf(payload) : ""}data: ${payload}\n\n`).join("");
  return { headers: EVENT_STREAM, body };
}
