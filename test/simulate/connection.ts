// A client's connection without a socket: just as much of Node's request and response as the gateway uses. It notes
// whatever a real connection would not have stood for.

import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface ConnectionOptions {
  readonly url: string;
  /** Alternating names and values. */
  readonly headers: readonly string[];
  /** A client that reads slowly makes the gateway wait after every write. */
  readonly readsSlowly: boolean;
  /** Calls back when the slow client has read what it was sent. */
  later(act: () => void): void;
  fault(what: string): void;
  ended(): void;
}

export class FakeRequest extends EventEmitter {
  readonly method = "POST";
  readonly url: string;
  readonly rawHeaders: string[];
  readonly headers: Record<string, string> = {};
  complete = false;

  constructor({ url, headers }: ConnectionOptions) {
    super();
    this.url = url;
    this.rawHeaders = [...headers];
    for (let at = 0; at + 1 < headers.length; at += 2) this.headers[headers[at] ?? ""] = headers[at + 1] ?? "";
  }

  arrive(body: Buffer): void {
    this.emit("data", body);
    this.complete = true;
    this.emit("end");
    this.emit("close");
  }

  breakOff(): void {
    if (!this.complete) this.emit("close");
  }

  pause(): void {}

  resume(): void {}
}

export class FakeResponse extends EventEmitter {
  readonly #options: ConnectionOptions;
  readonly #received: Buffer[] = [];
  statusCode = 200;
  answerHeaders: Readonly<Record<string, unknown>> = {};
  headersSent = false;
  writableEnded = false;
  writableFinished = false;
  writableNeedDrain = false;
  destroyed = false;
  /** The client has the answer's end, not merely a broken connection. */
  isWhole = false;

  constructor(options: ConnectionOptions) {
    super();
    this.#options = options;
  }

  get text(): string {
    return Buffer.concat(this.#received).toString("utf8");
  }

  get socket(): { destroySoon(): void } {
    return { destroySoon: () => this.destroy() };
  }

  writeHead(status: number, headers: Readonly<Record<string, unknown>>): this {
    if (this.headersSent) this.#options.fault("was sent a second head");
    this.headersSent = true;
    this.statusCode = status;
    this.answerHeaders = headers;
    return this;
  }

  write(bytes: Buffer): boolean {
    if (this.writableEnded) this.#options.fault("was written to after its end");
    if (this.destroyed) return true;
    this.#received.push(Buffer.from(bytes));
    if (!this.#options.readsSlowly) return true;
    if (!this.writableNeedDrain) this.#options.later(() => this.#drain());
    this.writableNeedDrain = true;
    return false;
  }

  end(bytes?: Buffer): void {
    if (bytes !== undefined) this.write(bytes);
    if (this.writableEnded) this.#options.fault("was ended twice");
    if (this.writableEnded || this.destroyed) return;
    this.writableEnded = true;
    if (!this.writableNeedDrain) process.nextTick(() => this.#finish());
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    process.nextTick(() => this.#close());
  }

  /** The client goes away. */
  leave(): void {
    if (this.destroyed || this.writableFinished) return;
    this.destroyed = true;
    this.#close();
  }

  #drain(): void {
    if (this.destroyed) return;
    this.writableNeedDrain = false;
    if (this.writableEnded) this.#finish();
    else this.emit("drain");
  }

  #finish(): void {
    if (this.destroyed) return;
    this.writableFinished = true;
    this.isWhole = true;
    this.destroyed = true;
    this.#close();
  }

  #close(): void {
    this.emit("close");
    this.#options.ended();
  }
}

/** The pair as the gateway takes it. */
export function asNode(request: FakeRequest, response: FakeResponse): [IncomingMessage, ServerResponse] {
  return [request as unknown as IncomingMessage, response as unknown as ServerResponse];
}
