// An upstream that speaks WebSocket: hands every frame to the simulated world as a request, and its answer back as frames.

import { createServer, type IncomingMessage, request as ask, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

export interface SocketUpstream {
  /** In place of the world's own. */
  readonly url: string;
  /** Frames by the connection they came on, counted from 0. */
  readonly frames: { readonly connection: number; readonly body: Record<string, unknown> }[];
  /** The headers of each upgrade. */
  readonly upgrades: IncomingMessage["headers"][];
  /** Closes every connection, as upstreams do after a while. */
  closeConnections(): void;
  /** From now on upgrades are answered so. */
  refuseUpgrades(status: number): void;
  /** So many frames of each answer are handed on, and the connection is broken. */
  breakAfter(frames: number): void;
  close(): Promise<void>;
}

const PREFIX = "/backend-api/codex";

export async function startSocketUpstream(worldUrl: string): Promise<SocketUpstream> {
  const server = createServer((request, response) => passOn(request, response, worldUrl));
  const sockets = new WebSocketServer({ noServer: true });
  const state = { refusal: 0, breakAfter: Number.POSITIVE_INFINITY };
  const frames: SocketUpstream["frames"] = [];
  const upgrades: IncomingMessage["headers"][] = [];
  server.on("upgrade", (request, socket, head) => {
    if (state.refusal > 0) {
      socket.end(`HTTP/1.1 ${state.refusal} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    const connection = upgrades.push(request.headers) - 1;
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on("message", (data) => {
        const { type: _type, ...body } = JSON.parse((data as Buffer).toString()) as Record<string, unknown>;
        frames.push({ connection, body });
        void answer(client, { request, body, worldUrl, most: state.breakAfter });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}`,
    frames,
    upgrades,
    closeConnections: () => sockets.clients.forEach((client) => client.terminate()),
    refuseUpgrades: (status) => void (state.refusal = status),
    breakAfter: (count) => void (state.breakAfter = count),
    async close() {
      sockets.clients.forEach((client) => client.terminate());
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Question {
  readonly request: IncomingMessage;
  readonly body: object;
  readonly worldUrl: string;
  readonly most: number;
}

async function answer(client: WebSocket, { request, body, worldUrl, most }: Question): Promise<void> {
  const response = await fetch(`${worldUrl}/responses`, {
    method: "POST",
    headers: { ...headersOf(request), "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ ...body, stream: true }),
  });
  const text = await response.text();
  if (!response.ok) {
    const { error, detail } = JSON.parse(text) as { error?: object; detail?: unknown };
    const told = error ?? { message: String(detail) };
    client.send(JSON.stringify({ type: "error", status: response.status, error: told, headers: {} }));
    return;
  }
  const events = text.split("\n\n").flatMap((block) => /^data: (.*)$/m.exec(block)?.[1] ?? []);
  for (const event of events.slice(0, most)) client.send(event);
  if (events.length > most) client.terminate();
}

/** Of the handshake, what the world has to know. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !/^(?:sec-|host|connection|upgrade|openai-beta)/.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

/** Over HTTP everything goes as it comes. */
function passOn(request: IncomingMessage, response: ServerResponse, worldUrl: string): void {
  const path = request.url?.slice(PREFIX.length) ?? "";
  const { host: _host, ...headers } = request.headers;
  const outgoing = ask(`${worldUrl}${path}`, { method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  request.pipe(outgoing);
}
