// One request over a WebSocket of the upstream, told to its handler as if it went over HTTP: the frames become the events of a
// stream, and a refusal becomes an answer with its status.
// Facts: openai/codex and Codex 0.169: frames are `{"type":"response.create", …}`, answers the data of the stream's events, errors
// `{"type":"error","status":429,"error":{…},"headers":{…}}`; close code 1009 means that the request is too large.

import type { IncomingMessage } from "node:http";
import type { Dispatcher } from "undici";
import type { RawData, WebSocket } from "ws";
import { asNumber, asObject, asText, parseJson } from "../../kit/json-value.ts";

type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController;
type Headers = Record<string, string | string[] | undefined>;

export interface TurnTerms {
  readonly handler: Handler;
  readonly frame: Buffer;
  /** Headers of the handshake's answer, for a connection that was open before. */
  readonly headers: Headers;
  /** The answer is whole; the connection may be used again. */
  readonly onDone: (socket: WebSocket, headers: Headers) => void;
  /** Nothing was answered, and another connection may help. */
  readonly onStale: (() => void) | null;
  /** The upstream speaks no WebSocket. */
  readonly onDeclined: () => void;
}

const TERMINAL = /^\{\s*"type"\s*:\s*"(?:response\.(?:completed|done|failed|incomplete)|error)"/;
const TYPE = /^\{\s*"type"\s*:\s*"([^"]+)"/;
const TOO_LARGE = 1009;
const UPGRADE_REQUIRED = 426;
const CONNECTION_LIMIT = "websocket_connection_limit_reached";

export class SocketTurn implements Controller {
  readonly #socket: WebSocket;
  readonly #terms: TurnTerms;
  #headers: Headers;
  #isBegun = false;
  #isOver = false;
  paused = false;
  reason: Error | null = null;

  constructor(socket: WebSocket, terms: TurnTerms) {
    this.#socket = socket;
    this.#terms = terms;
    this.#headers = terms.headers;
  }

  start(): void {
    const socket = this.#socket;
    socket.on("upgrade", this.#onUpgrade);
    socket.on("unexpected-response", this.#onDeclined);
    socket.on("message", this.#onMessage);
    socket.on("close", this.#onClose);
    socket.on("error", this.#onError);
    this.#terms.handler.onRequestStart?.(this, {});
    if (this.#isOver) return;
    if (socket.readyState === socket.OPEN) this.#send();
    else socket.once("open", () => this.#send());
  }

  // --- what the gateway does ---

  get aborted(): boolean {
    return this.reason !== null;
  }

  abort(reason: Error): void {
    if (this.#isOver) return;
    this.reason = reason;
    this.#finish();
    this.#socket.terminate();
    this.#terms.handler.onResponseError?.(this, reason);
  }

  pause(): void {
    this.paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.paused = false;
    this.#socket.resume();
  }

  // --- what the upstream says ---

  #send(): void {
    if (!this.#isOver) this.#socket.send(this.#terms.frame, { binary: false });
  }

  readonly #onUpgrade = ({ headers }: IncomingMessage): void => {
    this.#headers = withoutUpgrade(headers);
  };

  readonly #onMessage = (data: RawData): void => {
    const text = (data as Buffer).toString("utf8");
    const isLast = TERMINAL.test(text);
    if (!this.#isBegun && TYPE.exec(text)?.[1] === "error") return this.#refused(text);
    this.#begin(200, { ...this.#headers, "content-type": "text/event-stream" });
    const type = TYPE.exec(text)?.[1] ?? asText(asObject(parseJson(text))?.["type"]) ?? "message";
    this.#terms.handler.onResponseData?.(this, Buffer.from(`event: ${type}\ndata: ${text}\n\n`));
    if (!isLast || this.#isOver) return;
    this.#finish();
    this.#terms.handler.onResponseEnd?.(this, {});
    this.#terms.onDone(this.#socket, this.#headers);
  };

  /** A refusal before anything was said is an answer of its own. */
  #refused(text: string): void {
    const frame = asObject(parseJson(text));
    const error = asObject(frame?.["error"]);
    if (error?.["code"] === CONNECTION_LIMIT && this.#terms.onStale !== null) return this.#retry();
    const status = asNumber(frame?.["status"]) ?? asNumber(frame?.["status_code"]) ?? 400;
    const told = asObject(frame?.["headers"]) ?? {};
    const headers = Object.fromEntries(
      Object.entries(told).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    this.#answer(status, headers, Buffer.from(JSON.stringify({ error: error ?? frame })));
    this.#socket.close();
  }

  readonly #onDeclined = (_request: unknown, response: IncomingMessage): void => {
    const { statusCode = 0, headers } = response;
    if (statusCode === UPGRADE_REQUIRED) {
      response.resume();
      this.#finish();
      this.#terms.onDeclined();
      return;
    }
    this.#begin(statusCode, headers);
    response.on("data", (chunk: Buffer) => this.#terms.handler.onResponseData?.(this, chunk));
    response.on("end", () => {
      this.#finish();
      this.#terms.handler.onResponseEnd?.(this, {});
    });
  };

  readonly #onClose = (code: number): void => {
    if (this.#isOver) return;
    if (code === TOO_LARGE && !this.#isBegun) {
      const error = { code: "message_too_big", message: "The request is too large for the upstream." };
      return this.#answer(413, {}, Buffer.from(JSON.stringify({ error })));
    }
    this.#failed(new Error(`The upstream closed its WebSocket (${code}).`));
  };

  readonly #onError = (error: Error): void => this.#failed(error);

  #failed(error: Error): void {
    if (this.#isOver) return;
    if (!this.#isBegun && this.#terms.onStale !== null) return this.#retry();
    this.#finish();
    this.#terms.handler.onResponseError?.(this, error);
  }

  #retry(): void {
    this.#finish();
    this.#socket.terminate();
    this.#terms.onStale?.();
  }

  #answer(status: number, headers: Headers, body: Buffer): void {
    this.#begin(status, { ...headers, "content-type": "application/json" });
    this.#terms.handler.onResponseData?.(this, body);
    this.#finish();
    this.#terms.handler.onResponseEnd?.(this, {});
  }

  #begin(status: number, headers: Headers): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.#terms.handler.onResponseStart?.(this, status, headers);
  }

  /** From here on the connection is nothing to this request. */
  #finish(): void {
    this.#isOver = true;
    const socket = this.#socket;
    socket.off("upgrade", this.#onUpgrade);
    socket.off("message", this.#onMessage);
    socket.off("close", this.#onClose);
    socket.off("error", this.#onError);
    // What goes wrong with it now is nobody's business.
    socket.on("error", () => undefined);
  }
}

function withoutUpgrade({ connection: _c, upgrade: _u, ...headers }: IncomingMessage["headers"]): Headers {
  const kept = Object.entries(headers).filter(([name]) => !name.startsWith("sec-websocket-"));
  return Object.fromEntries(kept);
}
