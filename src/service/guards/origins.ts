// Whether a browser's headers say that a request comes from a page that may send it. Requests of programs carry none of them.

import type { IncomingHttpHeaders } from "node:http";

/** A page on another site: refused everywhere. */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  return headers["sec-fetch-site"] === "cross-site";
}

/** No origin, or one of a page on this machine, whatever its port. `null` is none of them. */
export function hasLoopbackOrigin({ origin }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true;
  const url = URL.parse(origin);
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  return isHttp && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
}

/** No origin, or exactly the listener's own under the name it was asked by; and no other port of the same machine. */
export function isFromOwnPage(headers: IncomingHttpHeaders, isBehindTls: boolean): boolean {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  if (origin === undefined) return true;
  return origin === `http://${host}` || (isBehindTls && origin === `https://${host}`);
}

/** `application/json`, with or without parameters. */
export function isJson(headers: IncomingHttpHeaders): boolean {
  return /^application\/json\s*(?:;|$)/i.test(headers["content-type"] ?? "");
}
