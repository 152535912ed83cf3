// One HTTP/1.1 client connection that reads answers only as far as needed to find their end. An HTTP library would cost
// more than what is measured.

import { connect, type Socket } from "node:net";

export interface Received {
  readonly status: number;
  /** Of the body as it came, with the marks of the chunks. */
  readonly bytes: number;
  /** Head and body as they came; only when they were asked for. */
  readonly wire: Buffer | null;
}

/** What a caller hears: of the first bytes of an answer (its status), of its end, or of a connection that broke. */
export interface Listener {
  began(connection: Connection, status: number): void;
  ended(connection: Connection, received: Received): void;
  broke(connection: Connection, reason: string): void;
}

const LAST_CHUNK = Buffer.from("0\r\n\r\n");
const UNKNOWN = -1;

export class Connection {
  readonly #listener: Listener;
  readonly #socket: Socket;
  #head: Buffer | null = null;
  #kept: Buffer[] | null = null;
  #isReadingHead = true;
  #status = 0;
  #bytes = 0;
  #expected = UNKNOWN;
  /** The last bytes of a chunked body, which tell its end. */
  #tail: Buffer = Buffer.alloc(0);

  constructor(port: number, listener: Listener) {
    this.#listener = listener;
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (bytes: Buffer) => this.#push(bytes));
    this.#socket.on("error", (error) => listener.broke(this, error.message));
    this.#socket.on("close", () => listener.broke(this, "closed"));
  }

  /** Sends a request; `isKept` keeps the whole answer for a look at it. */
  send(parts: readonly Buffer[], isKept: boolean): void {
    this.#kept = isKept ? [] : null;
    this.#isReadingHead = true;
    this.#socket.cork();
    for (const part of parts) this.#socket.write(part);
    this.#socket.uncork();
  }

  close(): void {
    this.#socket.removeAllListeners("close");
    this.#socket.destroy();
  }

  #push(bytes: Buffer): void {
    this.#kept?.push(bytes);
    if (this.#isReadingHead) this.#readHead(bytes);
    else this.#readBody(bytes);
  }

  #readHead(bytes: Buffer): void {
    const text: Buffer = this.#head === null ? bytes : Buffer.concat([this.#head, bytes]);
    const end = text.indexOf("\r\n\r\n");
    this.#head = end < 0 ? text : null;
    if (end < 0) return;
    const head = text.toString("latin1", 0, end);
    this.#isReadingHead = false;
    this.#status = Number(head.slice(9, 12));
    this.#expected = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? UNKNOWN);
    this.#bytes = 0;
    this.#tail = Buffer.alloc(0);
    this.#listener.began(this, this.#status);
    this.#readBody(text.subarray(end + 4));
  }

  #readBody(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#expected === UNKNOWN ? this.#endsHere(bytes) : this.#bytes >= this.#expected) {
      const wire = this.#kept === null ? null : Buffer.concat(this.#kept);
      this.#listener.ended(this, { status: this.#status, bytes: this.#bytes, wire });
    }
  }

  #endsHere(bytes: Buffer): boolean {
    const { length } = LAST_CHUNK;
    this.#tail =
      bytes.length >= length ? bytes.subarray(-length) : Buffer.concat([this.#tail, bytes]).subarray(-length);
    return this.#tail.equals(LAST_CHUNK);
  }
}

/** The body of an answer as it came, without the marks of the chunks. */
export function bodyOf(wire: Buffer): Buffer {
  const start = wire.indexOf("\r\n\r\n") + 4;
  if (!/\r\ntransfer-encoding: *chunked/i.test(wire.toString("latin1", 0, start))) return wire.subarray(start);
  const pieces: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = wire.indexOf("\r\n", at);
    const size = Number.parseInt(wire.toString("latin1", at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(pieces);
    pieces.push(wire.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
