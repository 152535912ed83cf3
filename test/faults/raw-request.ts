// Requests as no well-behaved client sends them: the bytes are given, and so is the moment the client lets go.

import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";

import { turnBody } from "../gateway/turn.ts";
import type { Pooled } from "./pooled-service.ts";

/** A turn request with a `content-length` of one's own; the client then says no more. Resolves to all that came back. */
export async function sendLying(service: Pooled, declares: (actualBytes: number) => number): Promise<string> {
  const body = JSON.stringify(turnBody("is this all?"));
  const head = [
    "POST /v1/responses HTTP/1.1",
    `host: localhost:${service.port}`,
    `authorization: Bearer ${service.key}`,
    "content-type: application/json",
    `content-length: ${declares(Buffer.byteLength(body))}`,
  ];
  const socket = connect(service.port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => (answer += String(chunk)));
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  await once(socket, "close");
  return answer;
}

/** A turn whose client breaks the connection: before anything has come back, or after the first bytes. */
export async function leaveTurn(service: Pooled, moment: "before headers" | "after headers"): Promise<void> {
  const asked = service.world.nextRequest(({ path }) => path.endsWith("/responses"));
  const outgoing = request(`${service.url}/v1/responses`, {
    method: "POST",
    headers: { authorization: `Bearer ${service.key}`, originator: "codex_exec" },
  });
  outgoing.on("error", () => {});
  const begun = new Promise<void>((resolve) =>
    outgoing.on("response", (answer) => answer.once("data", () => resolve())),
  );
  outgoing.end(JSON.stringify(turnBody("I may not wait")));
  const upstream = await asked;
  if (moment === "after headers") await begun;
  outgoing.destroy();
  const closing = await upstream.closed;
  if (closing !== "client") throw new Error(`the upstream request ended by ${closing}, not by the client's leaving`);
}
