// Builders for tests of single stages: a request as it would have arrived, without a socket.

import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { responses } from "../wire/responses/index.ts";
import { Call } from "./call.ts";
import type { Received } from "./receive.ts";
import { findTarget, type Route } from "./routes.ts";

export const respondRoute: Route = {
  operation: "respond",
  protocol: responses,
  method: "POST",
  upstreamPath: "/responses",
};

/** A call whose body the test writes; `request.end(body)` completes it. */
export function openCall(headers: IncomingHttpHeaders = {}): { call: Call; request: PassThrough } {
  const request = new PassThrough();
  const response = new PassThrough();
  const incoming = Object.assign(request, { headers, rawHeaders: Object.entries(headers).flat() });
  const call = new Call(incoming as unknown as IncomingMessage, response as unknown as ServerResponse, 0);
  return { call, request };
}

export function received(body: unknown, headers: IncomingHttpHeaders = {}, url = "/v1/responses"): Received {
  const text = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return {
    call: openCall(headers).call,
    target: findTarget(url),
    route: respondRoute,
    body: { sent: text, text, client: null },
  };
}
