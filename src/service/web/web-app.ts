// The web listener's routes: pages, and the calls that pages make under /api. Knows nothing of how the service does its work.

import { getRequestListener } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { RequestListener } from "node:http";

import { parseRequest } from "../../contract/rpc/envelope.ts";
import { lastEventIdOf } from "../events/event-stream.ts";
import type { HostGuard } from "../guards/hosts.ts";
import { isFromOwnPage, isJson } from "../guards/origins.ts";
import { isLoopbackAddress } from "../listen.ts";
import { LoadPushes } from "./load-push.ts";
import { builtIn } from "./built-in.ts";
import type { WebEnv } from "./built-in.ts";
import { homePage, stoppedPage } from "./pages.ts";
import type { ServiceLink } from "./service-link.ts";
import type { Sessions } from "./sessions.ts";
import { signInRoutes } from "./sign-in-routes.ts";
import type { SignIn } from "./sign-in-routes.ts";
import { staticFiles } from "./static-files.ts";

export interface WebAppOptions {
  readonly link: ServiceLink;
  readonly hosts: HostGuard;
  readonly sessions: Sessions;
  /** Null when only this machine can reach the listener: then the page itself brings the session. */
  readonly signIn: SignIn | null;
  readonly root: string | null;
  readonly serviceUrl: string;
  readonly maxBodyBytes: number;
  /** Somebody who may has asked to quit; the answer is on its way. */
  readonly onQuit: () => void;
}

/** What pages of the original's successors ask at start. */
const RUNTIME = {
  mode: "web-gateway",
  rpcBaseUrl: "/api/rpc",
  authorContentUrl: null,
  canManageService: false,
  canSelfUpdate: false,
  canCloseToTray: false,
  canOpenLocalDir: false,
  canUseBrowserFileImport: true,
  canUseBrowserDownloadExport: true,
};

const OWN_ROOT_POLICY = "frame-ancestors 'none'; object-src 'none'; base-uri 'self'";

export function webListener(options: WebAppOptions): RequestListener {
  const { hosts, signIn } = options;
  const app = new Hono<WebEnv>();
  app.use(async (c, next) => {
    const { headers, socket, url = "" } = c.env.incoming;
    if (!hosts.admits(headers.host, socket.localAddress)) {
      return c.text(
        "This host name is not accepted here. Use localhost, or add it to CODEXMANAGER_ALLOWED_HOSTS.\n",
        403,
      );
    }
    c.header("x-content-type-options", "nosniff");
    c.header("x-frame-options", "DENY");
    c.header("referrer-policy", "no-referrer");
    return url.split("?")[0]?.includes("..") ? c.text("Bad Request\n", 400) : next();
  });
  if (signIn !== null) signInRoutes(app, options.sessions, signIn);
  else app.get("/__auth_status", (c) => c.json({ passwordRequired: false, authenticated: true }));
  apiRoutes(app, options);
  quitRoute(app, options);
  pageRoutes(app, options);
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return (request, response) => void listener(request, response);
}

function apiRoutes(app: Hono<WebEnv>, { link, sessions, signIn, maxBodyBytes }: WebAppOptions): void {
  const pushes = new LoadPushes();
  app.get("/api/runtime", async (c) => {
    if (!isOwn(c, signIn)) return c.json({}, 403);
    if (signIn !== null && (await sessions.find(c)) === null) return c.json({}, 401);
    return c.json(RUNTIME);
  });
  app.use("/api/rpc", async (c, next) => {
    if (c.req.method !== "POST") return c.json({}, 405);
    if (!isJson(c.env.incoming.headers)) return c.json({}, 415);
    if ((await sessions.find(c)) === null) return c.json({}, 401);
    return isOwn(c, signIn) ? next() : c.json({}, 403);
  });
  app.use("/api/rpc", bodyLimit({ maxSize: maxBodyBytes, onError: (c) => c.json({}, 413) }));
  app.post("/api/rpc", async (c) => {
    const message = await c.req.text();
    const request = parseRequest(message);
    const isPush = request !== null && pushes.isPush((await sessions.find(c)) ?? "", request);
    try {
      const { status, body } = await link.answer(message, isPush);
      return c.body(body, status as 200, { "content-type": "application/json" });
    } catch (error) {
      return c.text(unreachable(error), 502);
    }
  });
  app.use("/api/events", async (c) => {
    if (c.req.method !== "GET") return c.json({}, 405);
    const session = await sessions.find(c);
    if (session === null) return c.json({}, 401);
    if (!isOwn(c, signIn)) return c.json({}, 403);
    const { incoming, outgoing } = c.env;
    sessions.bind(outgoing, session);
    try {
      await link.events(lastEventIdOf(incoming), outgoing);
      return RESPONSE_ALREADY_SENT;
    } catch (error) {
      return c.text(unreachable(error), 502);
    }
  });
  app.all("/api/*", (c) => c.json({}, 404));
}

function unreachable(error: unknown): string {
  const { message } = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
  return `upstream error: ${message}`;
}

/** Typed into the address bar, or from the page itself; a page elsewhere that links here does not count. */
function quitRoute(app: Hono<WebEnv>, { sessions, signIn, onQuit }: WebAppOptions): void {
  app.all("/__quit", async (c) => {
    if ((await sessions.find(c)) === null) return c.text("Open the page first, then try again.\n", 401);
    if (!isOwn(c, signIn)) return c.text("refused\n", 403);
    c.env.outgoing.once("close", onQuit);
    c.header("connection", "close");
    return builtIn(c, stoppedPage(c.req.header("accept-language")));
  });
}

function pageRoutes(app: Hono<WebEnv>, { sessions, signIn, root, serviceUrl }: WebAppOptions): void {
  const bringSession: MiddlewareHandler<WebEnv> = async (c, next) => {
    const session = await sessions.find(c);
    if (signIn !== null && session === null) return c.redirect("/__login");
    await next();
    const isPage = c.res.headers.get("content-type")?.startsWith("text/html") === true;
    const isHere = isLoopbackAddress(c.env.incoming.socket.remoteAddress);
    if (isPage && isHere && signIn === null && session === null) await sessions.open(c);
  };
  const files = staticFiles(root);
  if (files === null) {
    app.get("*", bringSession, (c) => builtIn(c, homePage(c.req.header("accept-language"), serviceUrl)));
  } else {
    app.get("*", bringSession, async (c, next) => {
      c.header("content-security-policy", OWN_ROOT_POLICY);
      await next();
    });
    for (const serve of files) app.get("*", serve);
  }
}

function isOwn(c: Context<WebEnv>, signIn: SignIn | null): boolean {
  return isFromOwnPage(c.env.incoming.headers, signIn !== null);
}
