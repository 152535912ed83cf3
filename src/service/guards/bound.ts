// What an address in the settings binds to, and whether that is reachable from beyond this machine.

import { splitAddress } from "../../contract/settings/address.ts";
import { isLoopbackAddress } from "../listen.ts";

export interface Bound {
  /** Host names and literal addresses of the listener itself. */
  readonly hosts: readonly string[];
  readonly isBeyondLoopback: boolean;
}

export function boundBy(address: string): Bound {
  const host = splitAddress(address).host.toLowerCase();
  return host === "localhost"
    ? { hosts: ["127.0.0.1", "::1"], isBeyondLoopback: false }
    : { hosts: [host], isBeyondLoopback: !isLoopbackAddress(host) };
}
