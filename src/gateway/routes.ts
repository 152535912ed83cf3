// Which path means what. A platform key may stand in front of any path as `/k/<key>`, for clients that can only be
// given an address.

import type { ClientProtocol } from "../wire/protocol.ts";
import { responses } from "../wire/responses/index.ts";

export type Operation = "respond" | "compact" | "models";

export interface Route {
  readonly operation: Operation;
  readonly protocol: ClientProtocol;
  readonly method: "GET" | "POST";
  /** The operation's path below the upstream's own prefix. */
  readonly upstreamPath: string;
}

const respond: Route = { operation: "respond", protocol: responses, method: "POST", upstreamPath: "/responses" };
const compact: Route = {
  operation: "compact",
  protocol: responses,
  method: "POST",
  upstreamPath: "/responses/compact",
};
const models: Route = { operation: "models", protocol: responses, method: "GET", upstreamPath: "/models" };

const PREFIXES = ["", "/v1", "/backend-api/codex"];

const routes: ReadonlyMap<string, Route> = new Map(
  PREFIXES.flatMap((prefix) => [
    [`${prefix}/responses`, respond],
    [`${prefix}/responses/compact`, compact],
    [`${prefix}/models`, models],
  ]),
);

export interface Target {
  readonly path: string;
  readonly query: string;
  /** The platform key that stood in the path. */
  readonly key: string | null;
  readonly route: Route | null;
}

const KEY_PREFIX = /^\/k\/([^/]+)(\/.*|$)/;

export function findTarget(url: string): Target {
  const mark = url.indexOf("?");
  const query = mark < 0 ? "" : url.slice(mark);
  const full = mark < 0 ? url : url.slice(0, mark);
  const keyed = full.startsWith("/k/") ? KEY_PREFIX.exec(full) : null;
  const path = keyed === null ? full : keyed[2] || "/";
  return { path, query, key: keyed?.[1] ?? null, route: routes.get(path) ?? null };
}
