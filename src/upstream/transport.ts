// Connections to upstreams: pooled per origin and proxy, HTTP/1.1 with keep-alive (cheaper here than HTTP/2), each
// account always through the same proxy.

import { Agent, type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from "undici";

import { type RequestDispatcher, SocketDispatcher } from "./web-socket/dispatcher.ts";

export interface TransportOptions {
  readonly connectTimeoutMs: number;
  /** Proxies that accounts are spread over; empty means direct, or what the standard proxy variables say. */
  readonly proxies: readonly string[];
  /** Standard proxy variables (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` …), for when `proxies` is empty. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Transport {
  dispatcherFor(accountId: string, origin: string): Dispatcher;
  /** For requests over WebSockets; the same as `dispatcherFor` where a proxy stands in between, which those do not pass. */
  socketsFor(accountId: string, origin: string): RequestDispatcher;
  close(): Promise<void>;
}

const LOOPBACK = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

export function createTransport(options: TransportOptions): Transport {
  const tuning = {
    connect: { timeout: options.connectTimeoutMs },
    // The gateway keeps its own limits on the first byte and on silence.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
    allowH2: false,
    pipelining: 1,
  };
  const direct = new Agent(tuning);
  const sockets = new SocketDispatcher({ connectTimeoutMs: options.connectTimeoutMs, http: direct });
  const proxied = options.proxies.map((uri) => new ProxyAgent({ ...tuning, uri }));
  const standard = proxied.length === 0 ? standardProxy(options.environment, tuning) : null;
  const everywhere = proxied.length > 0 ? null : (standard ?? direct);

  const indexes = new Map<string, number>();
  function indexOf(accountId: string): number {
    const known = indexes.get(accountId);
    if (known !== undefined) return known;
    const index = proxyIndex(accountId, proxied.length);
    indexes.set(accountId, index);
    return index;
  }

  function dispatcherFor(accountId: string, origin: string): Dispatcher {
    if (LOOPBACK.test(origin)) return direct;
    return everywhere ?? (proxied[indexOf(accountId)] as Dispatcher);
  }

  return {
    dispatcherFor,
    socketsFor(accountId, origin) {
      const dispatcher = dispatcherFor(accountId, origin);
      return dispatcher === direct ? sockets : dispatcher;
    },
    async close() {
      sockets.close();
      const open = [direct, ...proxied, ...(standard === null ? [] : [standard])];
      await Promise.all(open.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

function standardProxy(environment: TransportOptions["environment"], tuning: object): EnvHttpProxyAgent | null {
  const read = (name: string) => environment[name.toLowerCase()] ?? environment[name];
  const everything = read("ALL_PROXY");
  const httpProxy = read("HTTP_PROXY") ?? everything;
  const httpsProxy = read("HTTPS_PROXY") ?? everything;
  if (httpProxy === undefined && httpsProxy === undefined) return null;
  return new EnvHttpProxyAgent({ ...tuning, httpProxy, httpsProxy, noProxy: read("NO_PROXY") ?? "" });
}

/** FNV-1a of the account id modulo the number of proxies, as in the original, so that an upgrade keeps each account's address. */
export function proxyIndex(accountId: string, count: number): number {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(accountId)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return Number(hash % BigInt(count));
}
