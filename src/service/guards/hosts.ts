// Which host names requests may arrive under: a page of another site whose name was rebound to this machine is turned away.

export interface HostGuardOptions {
  /** Literal addresses the listeners are bound to; wildcards count as the address a connection really arrived at. */
  readonly boundHosts: readonly string[];
  /** The operator's own names, without ports. */
  readonly allowedHosts: readonly string[];
}

const HOST = /^(?<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/;
const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];
/** Accepted header values remembered word for word, so that the usual request costs one look-up. */
const REMEMBERED = 256;

export class HostGuard {
  readonly #names: ReadonlySet<string>;
  readonly #hasWildcard: boolean;
  readonly #accepted = new Set<string>();

  constructor({ boundHosts, allowedHosts }: HostGuardOptions) {
    const names = [...boundHosts.map(bracketed), ...allowedHosts.map((host) => bracketed(host.toLowerCase()))];
    this.#names = new Set([...LOOPBACK_NAMES, ...names]);
    this.#hasWildcard = boundHosts.some((host) => host === "0.0.0.0" || host === "::");
  }

  /** `localAddress` is where the connection arrived; only wildcard listeners look at it. */
  admits(host: string | undefined, localAddress: string | undefined): boolean {
    if (host === undefined) return false;
    if (this.#accepted.has(host)) return true;
    const name = HOST.exec(host.toLowerCase())?.groups?.name;
    if (name === undefined || name === "0.0.0.0" || name === "[::]") return false;
    if (this.#hasWildcard && localAddress !== undefined && name === literal(localAddress)) return true;
    if (!this.#names.has(name)) return false;
    if (this.#accepted.size < REMEMBERED) this.#accepted.add(host);
    return true;
  }
}

function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

function literal(address: string): string {
  return bracketed(address.replace(/^::ffff:(?=\d+\.)/, ""));
}
