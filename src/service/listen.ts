// Binds a handler to an address. `localhost` means 127.0.0.1 and ::1 on the same port; one of them missing on the machine is
// fine, one of them taken by somebody else is not.

import { createServer } from "node:http";
import type { RequestListener, Server, ServerOptions } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

import { splitAddress } from "../contract/settings/address.ts";

export type UpgradeListener = (request: Parameters<RequestListener>[0], socket: Duplex, head: Buffer) => void;

export interface ListenOptions {
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  /** The program's name in messages. */
  readonly name: string;
  readonly onRequest: RequestListener;
  readonly onUpgrade?: UpgradeListener;
}

export interface Listening {
  readonly port: number;
  /** What a person opens: `http://localhost:48760`. */
  readonly url: string;
  /** Takes no further connections and ends idle ones. */
  stopAccepting(): void;
  /** Breaks off what is left; resolves when the port is free. */
  close(): Promise<void>;
}

/** The address cannot be listened on; `message` is a complete sentence for people. */
class ListenError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "ListenError";
  }
}

const LOOPBACK_PAIR = ["127.0.0.1", "::1"] as const;
const ABSENT = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"]);
/** Free ports tried until one is free in both families. */
const PORT_TRIES = 10;

const SERVER: ServerOptions = {
  // Codex sends its turn metadata as a header; the platform's 16 KiB are too few for it.
  maxHeaderSize: 64 * 1024,
  keepAliveTimeout: 75_000,
};

const UPGRADABLE: ServerOptions = {
  ...SERVER,
  // Some clients offer HTTP/2 with every request; those go on over HTTP/1.1.
  shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === "websocket",
};

export async function listen(options: ListenOptions): Promise<Listening> {
  const { host, port } = splitAddress(options.address);
  const hosts = host.toLowerCase() === "localhost" ? LOOPBACK_PAIR : [host];
  for (let tries = PORT_TRIES; ; tries -= 1) {
    try {
      return listening(await bindAll(options, hosts, port), host);
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!isTaken || port !== 0 || tries === 0) throw explain(error, options);
    }
  }
}

/** The first host decides a free port for all. At least one binds, or the error is thrown and nothing stays bound. */
async function bindAll(options: ListenOptions, hosts: readonly string[], port: number): Promise<Server[]> {
  const servers: Server[] = [];
  let missing: unknown = null;
  for (const host of hosts) {
    try {
      servers.push(await bind(options, host, servers[0] ? portOf(servers[0]) : port));
    } catch (error) {
      if (!ABSENT.has((error as NodeJS.ErrnoException).code ?? "")) {
        await Promise.all(servers.map(close));
        throw error;
      }
      missing = error;
    }
  }
  if (servers.length === 0) throw missing;
  return servers;
}

function bind({ onRequest, onUpgrade }: ListenOptions, host: string, port: number): Promise<Server> {
  const server = createServer(onUpgrade ? UPGRADABLE : SERVER, onRequest);
  if (onUpgrade) server.on("upgrade", onUpgrade);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true, ipv6Only: host === "::1" }, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

function listening(servers: readonly Server[], host: string): Listening {
  const addresses = servers.map((server) => server.address() as AddressInfo);
  const port = addresses[0]?.port ?? 0;
  return {
    port,
    url: urlOf(host, port),
    stopAccepting() {
      for (const server of servers) server.close();
    },
    async close() {
      await Promise.all(servers.map(close));
    },
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** What to open to reach a listener on `address`. */
export function httpUrl(address: string): string {
  const { host, port } = splitAddress(address);
  return urlOf(host, port);
}

function urlOf(host: string, port: number): string {
  const isWildcard = host === "0.0.0.0" || host === "::";
  const shown = isWildcard ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${shown}:${port}`;
}

/** Whether a literal address is one of the machine's own loopback. */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && (address === "::1" || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address));
}

function explain(error: unknown, { address, name }: ListenOptions): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") {
    const advice = "Stop that program, or choose another address";
    return new ListenError(`${name} cannot listen on ${address}: another program uses the port. ${advice}.`, error);
  }
  if (code === "EACCES" || code === "ENOTFOUND" || code === "EAI_AGAIN" || ABSENT.has(code ?? "")) {
    return new ListenError(`${name} cannot listen on ${address}: ${message}. Choose another address.`, error);
  }
  return error;
}
