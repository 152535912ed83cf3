// One request with its answer: the record of it, and the ways to end it.

import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { DemoAccount } from "./account.ts";
import type { Answer } from "./answer.ts";
import type { Closing, RecordedRequest } from "./recorder.ts";

const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  zstd: zstdDecompressSync,
  gzip: gunzipSync,
  br: brotliDecompressSync,
  deflate: inflateSync,
};

export class Exchange implements RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly rawHeaders: string[];
  readonly response: ServerResponse;
  readonly closed: Promise<Closing>;
  readonly serial: number;
  readonly at: number;
  account: DemoAccount | null = null;
  fault: string | null = null;
  closing: Closing | null = null;
  closedAt: number | null = null;
  body = Buffer.alloc(0);
  /** Set when the body could not be decoded. */
  isGarbled = false;

  readonly #request: IncomingMessage;
  #json: Record<string, unknown> | undefined;
  #isParsed = false;

  constructor(request: IncomingMessage, response: ServerResponse, moment: { serial: number; now(): number }) {
    this.#request = request;
    this.response = response;
    this.method = request.method ?? "";
    this.url = request.url ?? "/";
    this.path = this.url.split("?", 1)[0] ?? "";
    this.headers = request.headers;
    this.rawHeaders = request.rawHeaders;
    this.serial = moment.serial;
    this.at = moment.now();
    this.closed = new Promise((resolve) => {
      response.once("close", () => {
        this.closing ??= response.writableFinished ? "finished" : "client";
        this.closedAt = moment.now();
        resolve(this.closing);
      });
    });
  }

  get json(): Record<string, unknown> | undefined {
    if (!this.#isParsed) this.#json = parseObject(this.body);
    this.#isParsed = true;
    return this.#json;
  }

  get status(): number | null {
    return this.response.headersSent ? this.response.statusCode : null;
  }

  header(name: string): string | undefined {
    const value = this.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  query(): URLSearchParams {
    return new URLSearchParams(this.url.slice(this.path.length + 1));
  }

  /** Reads and decodes the body. False when the client went away before its end. */
  async receive(): Promise<boolean> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of this.#request) chunks.push(chunk as Buffer);
    } catch {
      this.body = Buffer.concat(chunks);
      return false;
    }
    this.body = Buffer.concat(chunks);
    this.#decode();
    return true;
  }

  send(answer: Answer): void {
    if (this.response.headersSent || this.response.destroyed) return;
    const isJson = typeof answer.body === "object" && !Buffer.isBuffer(answer.body);
    const body = Buffer.from(isJson ? JSON.stringify(answer.body) : answer.body);
    this.response.writeHead(answer.status, {
      "content-type": isJson ? "application/json" : "text/plain; charset=utf-8",
      "content-length": String(body.length),
      "x-request-id": this.requestId,
      ...answer.headers,
    });
    this.response.end(body);
  }

  get requestId(): string {
    return `req_demo_${this.serial}`;
  }

  /** Breaks the connection with a TCP reset. */
  reset(): void {
    this.closing = "world";
    this.response.socket?.resetAndDestroy();
  }

  #decode(): void {
    const encoding = this.header("content-encoding");
    if (!encoding || encoding === "identity") return;
    try {
      const decoder = DECODERS[encoding];
      if (decoder) this.body = Buffer.from(decoder(this.body));
      else this.isGarbled = true;
    } catch {
      this.isGarbled = true;
    }
  }
}

function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
