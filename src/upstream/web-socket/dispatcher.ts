// Sends requests to an upstream over WebSockets, in the place of a dispatcher of HTTP requests. A connection serves one request at a
// time and is kept for the next one of the same conversation; an upstream that declines is asked over HTTP.

import { LRUCache } from "lru-cache";
import type { Dispatcher } from "undici";
import { WebSocket } from "ws";
import { editMembers } from "../../kit/json-edit.ts";
import { findMember, scanMembers, valueOf } from "../../kit/json-scan.ts";
import { backendProfile } from "../../wire/responses/profile.ts";
import { SocketTurn } from "./turn.ts";

type Headers = Record<string, string | string[] | undefined>;

export type RequestDispatcher = Pick<Dispatcher, "dispatch">;

export interface SocketOptions {
  readonly connectTimeoutMs: number;
  /** Asks over HTTP what cannot be asked otherwise. */
  readonly http: RequestDispatcher;
}

interface Idle {
  readonly socket: WebSocket;
  readonly headers: Headers;
}

const MOST_IDLE = 200;
/** The upstream closes its side after a few minutes. */
const IDLE_MS = 4 * 60 * 1000;
const DECLINED_MS = 10 * 60 * 1000;
const LARGEST_FRAME = 64 * 1024 * 1024;
const LITE = "x-openai-internal-codex-responses-lite";
/** Of a body, which a handshake has not. */
const OF_BODY = new Set(["content-type", "content-encoding", "content-length", "accept"]);
/** What tells connections apart: who asks, and for which conversation. */
const KEY_HEADERS = ["authorization", "chatgpt-account-id", "thread-id", "session-id", "session_id"];

export class SocketDispatcher implements RequestDispatcher {
  readonly #options: SocketOptions;
  readonly #idle = new LRUCache<string, Idle>({
    max: MOST_IDLE,
    ttl: IDLE_MS,
    ttlAutopurge: true,
    dispose: ({ socket }, _key, reason) => void (reason !== "delete" && socket.close(1000)),
  });
  /** Origins that speak no WebSocket, for a while. */
  readonly #declined = new LRUCache<string, true>({ max: 100, ttl: DECLINED_MS });

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const origin = String(options.origin);
    if (this.#declined.has(origin)) return this.#options.http.dispatch(options, handler);
    const headers = headersOf(options.headers as readonly string[]);
    const key = KEY_HEADERS.map((name) => headers[name] ?? "").join("\n");
    const frame = frameOf(options.body as Buffer, headers);
    const idle = this.#idle.get(key);
    this.#idle.delete(key);
    const isUsable = idle !== undefined && idle.socket.readyState === WebSocket.OPEN;
    const begin = ({ socket, headers: known }: Idle, onStale: (() => void) | null): void => {
      const onDone = (done: WebSocket, answered: Headers): void =>
        void this.#idle.set(key, { socket: done, headers: answered });
      const onDeclined = (): void => {
        this.#declined.set(origin, true);
        this.#options.http.dispatch(options, handler);
      };
      new SocketTurn(socket, { handler, frame, headers: known, onDone, onStale, onDeclined }).start();
    };
    const fresh = (): Idle => ({ socket: this.#connect(origin, options.path, headers), headers: {} });
    if (isUsable) begin(idle, () => begin(fresh(), null));
    else begin(fresh(), null);
    return true;
  }

  close(): void {
    this.#idle.clear();
  }

  #connect(origin: string, path: string, headers: Record<string, string>): WebSocket {
    return new WebSocket(origin.replace(/^http/, "ws") + path, {
      headers: { ...headers, "openai-beta": backendProfile.webSocketBeta },
      handshakeTimeout: this.#options.connectTimeoutMs,
      maxPayload: LARGEST_FRAME,
      perMessageDeflate: false,
      followRedirects: false,
    });
  }
}

function headersOf(list: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < list.length; index += 2) {
    const name = (list[index] ?? "").toLowerCase();
    if (!OF_BODY.has(name)) headers[name] = list[index + 1] ?? "";
  }
  return headers;
}

/** The body as a frame; what is a header of one request over HTTP stands in it, for the connection may serve others. */
function frameOf(body: Buffer, headers: Readonly<Record<string, string>>): Buffer {
  const lite = headers[LITE];
  const text = lite === undefined ? body : editMembers(body, { client_metadata: metadataWith(body, lite) });
  return editMembers(text, { type: '"response.create"', stream: null });
}

function metadataWith(body: Buffer, lite: string): string {
  const metadata = valueOf(body, findMember(scanMembers(body), "client_metadata"));
  return JSON.stringify({
    ...(metadata as object | undefined),
    [`ws_request_header_${LITE.replaceAll("-", "_")}`]: lite,
  });
}
