// Puts an event stream on the wire: with back-pressure, at a pace, or spoilt as a fault says.

import type { Clock } from "../../kit/clock.ts";
import type { Exchange } from "../exchange.ts";
import type { Piece, StreamFault } from "./fault.ts";

export interface SendTerms {
  readonly headers: Readonly<Record<string, string>>;
  readonly paceMs: number;
  readonly clock: Clock;
  readonly fault: StreamFault | null;
}

/** Events are collected up to this size before a write. */
const BATCH_CHARACTERS = 16_384;

/** Resolves when the stream is over, whichever way. True when it reached its proper end. */
export async function sendStream(exchange: Exchange, pieces: Iterable<Piece>, terms: SendTerms): Promise<boolean> {
  const { fault } = terms;
  const { response } = exchange;
  if (response.destroyed) return false;
  const text = render(pieces, fault?.end?.afterEvents ?? Infinity);
  if (fault?.lengthLie !== undefined) return sendWithLie(exchange, text, terms, fault.lengthLie);
  response.writeHead(200, terms.headers);
  if (fault) response.flushHeaders();
  if (fault?.delayMs) await wait(terms.clock, fault.delayMs);
  if (fault?.bytes) await write(exchange, fault.bytes([Buffer.from([...text].join(""))]), afterEachTurn);
  else if (terms.paceMs > 0) await write(exchange, text, () => wait(terms.clock, terms.paceMs));
  else await write(exchange, batches(text), null);
  if (response.destroyed) return false;
  if (fault?.end) return endBadly(exchange, fault.end.how);
  response.end();
  return true;
}

export function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.timer(ms, resolve));
}

function* render(pieces: Iterable<Piece>, limit: number): Generator<string> {
  let count = 0;
  for (const piece of pieces) {
    if (count === limit) return;
    count += 1;
    yield typeof piece === "string" ? piece : `event: ${piece.type}\ndata: ${JSON.stringify(piece)}\n\n`;
  }
}

function* batches(text: Iterable<string>): Generator<string> {
  let batch = "";
  for (const part of text) {
    batch += part;
    if (batch.length < BATCH_CHARACTERS) continue;
    yield batch;
    batch = "";
  }
  if (batch) yield batch;
}

async function write(
  exchange: Exchange,
  chunks: Iterable<string | Buffer>,
  between: (() => Promise<void>) | null,
): Promise<void> {
  const { response } = exchange;
  for (const chunk of chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await drained(exchange);
    if (between) await between();
  }
}

/** Resolves when the client has read enough, or is gone. */
function drained(exchange: Exchange): Promise<void> {
  const { response } = exchange;
  return new Promise((resolve) => {
    const go = (): void => {
      response.off("drain", go);
      response.off("close", go);
      resolve();
    };
    response.on("drain", go);
    response.on("close", go);
  });
}

/** Lets everything written so far leave before the next piece. */
function afterEachTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function sendWithLie(exchange: Exchange, text: Iterable<string>, terms: SendTerms, lie: number): Promise<false> {
  const body = Buffer.from([...text].join(""));
  const { socket } = exchange.response;
  exchange.closing = "world";
  const head = Object.entries({ ...terms.headers, "content-length": String(body.length + lie) });
  socket?.write(`HTTP/1.1 200 OK\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
  socket?.end(body);
  await exchange.closed;
  return false;
}

async function endBadly(exchange: Exchange, how: "cut" | "reset" | "stall"): Promise<false> {
  if (how === "cut") {
    exchange.closing = "world";
    exchange.response.end();
  }
  if (how === "reset") {
    await afterEachTurn();
    await afterEachTurn();
    exchange.reset();
  }
  await exchange.closed;
  return false;
}
