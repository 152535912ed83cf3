// Which addresses are this machine's own or of a network that is not the public one: a request to an address that a user typed
// goes there only when the user has said so.

import type { LookupAddress, LookupOptions } from "node:dns";
import { lookup } from "node:dns";
import { BlockList, isIP } from "node:net";

/** Loopback, private, link-local, carrier, documentation, multicast and reserved ranges, and those that wrap IPv4 addresses. */
const ranges = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 9],
  ["ff00::", 8],
] as const;

const blocked = new BlockList();
for (const [net, prefix] of ranges) blocked.addSubnet(net, prefix, net.includes(":") ? "ipv6" : "ipv4");

/** Of a literal address; anything else counts as private. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  return family === 0 || blocked.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** The address a URL names literally; null when it names a host. */
export function literalAddress({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return isIP(bare) === 0 ? null : bare;
}

type LookupAnswer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Looks a host up for a connection, and refuses when any of its addresses is private: what was checked is what is connected to. */
export function publicLookup(hostname: string, options: LookupOptions, answer: LookupAnswer): void {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return answer(error, []);
    const hidden = found.find(({ address }) => isPrivateAddress(address));
    if (hidden !== undefined) return answer(new PrivateAddressError(hidden.address), []);
    const [first] = found;
    if (options.all === true || first === undefined) return answer(null, found);
    answer(null, first.address, first.family);
  });
}

export class PrivateAddressError extends Error {
  constructor(address: string) {
    super(`${address} is an address of this machine or of a private network`);
    this.name = "PrivateAddressError";
  }
}
