// How the product is pointed at the simulated world instead of the real hosts.

import type { World } from "../demo/index.ts";

/** Environment variables that replace every upstream address; nothing then leaves this machine. */
export function demoVariables(world: World): Readonly<Record<string, string>> {
  return {
    CODEXMANAGER_UPSTREAM_BASE_URL: world.chatgptUrl,
    CODEXMANAGER_ISSUER: world.issuerUrl,
    CODEXMANAGER_USAGE_BASE_URL: new URL("/backend-api", world.origin).href,
  };
}
