// The first look at every request of the service's listener: turns away foreign host names, picks out the few management paths, and hands
// all else to the gateway with nothing in between.

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

import { TOKEN_HEADER } from "../contract/rpc/envelope.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { plainText } from "../kit/plain-text.ts";
import { isSameSecret } from "./guards/constant-time.ts";
import type { HostGuard } from "./guards/hosts.ts";
import type { UpgradeListener } from "./listen.ts";

export interface ServiceRoutes {
  readonly onRequest: RequestListener;
  readonly onUpgrade: UpgradeListener;
}

export interface ServiceRoutesOptions {
  readonly gateway: Pick<Gateway, "handle" | "upgrade">;
  readonly hosts: HostGuard;
  readonly management: () => Promise<RequestListener>;
  /** A browser comes back from a sign-in. */
  readonly onCallback: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Whether a request shows a platform key; only asked when the listener is reachable from beyond loopback. */
  readonly showsKey: ((request: IncomingMessage) => boolean) | null;
  readonly token: string;
  readonly reportBug: (error: unknown) => void;
}

const MANAGEMENT = new Set(["/rpc", "/events", "/metrics", "/__shutdown"]);

export function serviceRoutes(options: ServiceRoutesOptions): ServiceRoutes {
  const { gateway, hosts, management, onCallback, showsKey, token, reportBug } = options;

  function isAdmitted(request: IncomingMessage): boolean {
    if (hosts.admits(request.headers.host, request.socket.localAddress)) return true;
    if (showsKey === null) return false;
    const shown = request.headers[TOKEN_HEADER];
    return showsKey(request) || (typeof shown === "string" && isSameSecret(shown.trim(), token));
  }

  return {
    onRequest(request, response) {
      const path = pathOf(request.url ?? "/");
      if (!isAdmitted(request)) return refuseHost(request, response);
      if (MANAGEMENT.has(path)) {
        management().then((listener) => listener(request, response), failWith(response, reportBug));
      } else if (request.method === "OPTIONS") {
        response.writeHead(204).end();
      } else if (path === "/health") {
        answerText(response, 200, "ok");
      } else if (path.startsWith("/auth/callback")) {
        onCallback(request, response).catch(failWith(response, reportBug));
      } else {
        gateway.handle(request, response);
      }
    },
    onUpgrade(request, socket, head) {
      socket.on("error", () => socket.destroy());
      if (isAdmitted(request)) return gateway.upgrade(request, socket, head);
      socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    },
  };
}

function pathOf(url: string): string {
  const mark = url.indexOf("?");
  return mark < 0 ? url : url.slice(0, mark);
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);
}

/** In the shape that SDKs and Codex show to their users. */
function refuseHost(request: IncomingMessage, response: ServerResponse): void {
  const host = plainText(request.headers.host ?? "", 100);
  const message = `Requests under the host name "${host}" are not accepted here. Use localhost, or add the name to CODEXMANAGER_ALLOWED_HOSTS.`;
  const error = { message, type: "invalid_request_error", param: null, code: "host_not_allowed" };
  response.writeHead(403, { "content-type": "application/json" }).end(JSON.stringify({ error }));
}

function failWith(response: ServerResponse, reportBug: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    reportBug(error);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  };
}
