// Listen addresses as people write them: `48760`, `localhost:48760`, `http://localhost:48760/`, `[::1]:48760`.

export interface HostPort {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

const ADDRESS = /^(?:\[(?<v6>[0-9a-f:.%]+)\]|(?<host>[^\s:/[\]@]+)):(?<port>\d{1,5})$/i;

/** Drops scheme and path, completes a bare port to `localhost:port`; null when what is left is no `host:port`. */
export function normaliseAddress(text: string): string | null {
  const bare = text
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, "")
    .replace(/[/?#].*$/s, "");
  const address = /^\d{1,5}$/.test(bare) ? `localhost:${bare}` : bare;
  const port = ADDRESS.exec(address)?.groups?.port;
  return port !== undefined && Number(port) <= 65_535 ? address : null;
}

/** Takes a normalised address apart. An address that is not normalised is a bug of the caller. */
export function splitAddress(address: string): HostPort {
  const groups = ADDRESS.exec(address)?.groups;
  if (!groups) throw new TypeError(`not a host:port address: ${address}`);
  return { host: groups.v6 ?? groups.host ?? "", port: Number(groups.port) };
}
