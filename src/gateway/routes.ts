// Which path means what. A platform key may stand in front of any path as `/k/<key>`, for clients that can only be
// given an address, or behind it as `?key=<key>`, as clients of Google write theirs.

import type { ClientProtocol, Endpoint, Operation, RequestTarget } from "../wire/protocol.ts";
import { protocols } from "../wire/protocols.ts";

export interface Route {
  readonly operation: Operation;
  readonly protocol: ClientProtocol;
  readonly method: "GET" | "POST";
  /** The operation's path below the upstream's own prefix. */
  readonly upstreamPath: string;
}

/** Whatever format a request came in, upstreams are asked in the internal one. */
const UPSTREAM_PATHS: Readonly<Record<Operation, string>> = {
  respond: "/responses",
  compact: "/responses/compact",
  models: "/models",
  count: "",
  forward: "",
};

const endpoints: ReadonlyArray<readonly [Endpoint["path"], Route]> = protocols.flatMap((protocol) =>
  protocol.endpoints.map(
    ({ path, operation, method }) =>
      [path, { operation, protocol, method, upstreamPath: UPSTREAM_PATHS[operation] }] as const,
  ),
);
const fixed: ReadonlyMap<Endpoint["path"], Route> = new Map(endpoints.filter(([path]) => typeof path === "string"));
const patterns = endpoints.filter((endpoint): endpoint is [RegExp, Route] => endpoint[0] instanceof RegExp);

export interface Target extends RequestTarget {
  /** The platform key that stood in the address. */
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
  return { path, query, key: keyed?.[1] ?? keyInQuery(query), route: routeOf(path) };
}

function keyInQuery(query: string): string | null {
  if (!query.includes("key=")) return null;
  return new URLSearchParams(query).get("key")?.trim() || null;
}

function routeOf(path: string): Route | null {
  return fixed.get(path) ?? patterns.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}
