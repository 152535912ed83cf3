// The service's management routes: /rpc, /events, /metrics, /__shutdown and the sign-in callback's place. Loaded with the first request for
// one of them.

import type { HttpBindings } from "@hono/node-server";
import { getRequestListener } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { RequestListener } from "node:http";

import { TOKEN_HEADER } from "../contract/rpc/envelope.ts";
import { lastEventIdOf } from "./events/event-stream.ts";
import type { StreamEvents } from "./events/event-stream.ts";
import { isSameSecret } from "./guards/constant-time.ts";
import { hasLoopbackOrigin, isCrossSite, isJson } from "./guards/origins.ts";
import { isLoopbackAddress } from "./listen.ts";
import type { AnswerRpc } from "./rpc-answer.ts";
import { LOAD_PUSH_HEADER } from "./web/load-push.ts";

export interface ManagementOptions {
  readonly token: string;
  readonly answer: AnswerRpc;
  readonly events: StreamEvents;
  readonly maxBodyBytes: number;
  readonly metrics: () => Promise<string>;
  /** Somebody who may has asked the service to stop; the answer is on its way. */
  readonly onShutdown: () => void;
}

const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export function managementListener(options: ManagementOptions): RequestListener {
  const { token, answer, events, maxBodyBytes, metrics, onShutdown } = options;
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.use("/rpc", async (c, next) => {
    const { headers } = c.env.incoming;
    if (c.req.method !== "POST") return c.json({}, 405);
    if (!isJson(headers)) return c.json({}, 415);
    if (!isSameSecret(c.req.header(TOKEN_HEADER)?.trim(), token)) return c.json({}, 401);
    if (isCrossSite(headers) || !hasLoopbackOrigin(headers)) return c.json({}, 403);
    await next();
  });
  app.use("/rpc", bodyLimit({ maxSize: maxBodyBytes, onError: (c) => c.json({}, 413) }));
  app.post("/rpc", async (c) => {
    const { status, body } = await answer(await c.req.text(), c.req.header(LOAD_PUSH_HEADER) === "1");
    return c.body(body, status as 200 | 400, { "content-type": "application/json" });
  });

  app.use("/events", async (c) => {
    const { incoming, outgoing } = c.env;
    if (c.req.method !== "GET") return c.json({}, 405);
    if (!isSameSecret(c.req.header(TOKEN_HEADER)?.trim(), token)) return c.json({}, 401);
    if (isCrossSite(incoming.headers) || !hasLoopbackOrigin(incoming.headers)) return c.json({}, 403);
    await events(lastEventIdOf(incoming), outgoing);
    return RESPONSE_ALREADY_SENT;
  });

  app.all("/__shutdown", (c) => {
    const { headers } = c.env.incoming;
    if (!isSameSecret(c.req.header(TOKEN_HEADER)?.trim(), token)) return c.text("the RPC token is needed\n", 401);
    if (isCrossSite(headers) || !hasLoopbackOrigin(headers)) return c.text("refused\n", 403);
    c.env.outgoing.once("close", onShutdown);
    return c.text("shutdown");
  });

  app.get("/metrics", async (c) => {
    if (!isLoopbackAddress(c.env.incoming.socket.remoteAddress)) return c.text("only for this machine\n", 403);
    return c.body(await metrics(), 200, { "content-type": METRICS_TYPE });
  });

  app.all("*", (c) => c.text("Not Found\n", 404));
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return (request, response) => void listener(request, response);
}
