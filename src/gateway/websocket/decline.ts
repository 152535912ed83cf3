// Answers to an upgrade that opens no WebSocket.

import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Failure } from "../../contract/failure.ts";
import { responses } from "../../wire/responses/index.ts";

/** Upon this Codex goes on over HTTP at once. */
export function decline(socket: Duplex): void {
  answer(socket, 426, {}, Buffer.alloc(0));
}

/** With the status and the body that a request over HTTP would have had. `now` is in epoch ms. */
export function refuseUpgrade(socket: Duplex, failure: Failure, now: number): void {
  const { status, headers, body } = responses.failureAnswer(failure, { traceId: "-", now });
  const { "x-codexmanager-trace-id": _none, ...told } = headers;
  answer(socket, status, told, body);
}

function answer(socket: Duplex, status: number, headers: Readonly<Record<string, string>>, body: Buffer): void {
  const lines = Object.entries({ ...headers, "content-length": body.length, connection: "close" });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${head}\r\n`);
  socket.end(body);
}
