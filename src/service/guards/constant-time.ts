// Comparison of secrets whose duration does not tell how much of them was right.

import { hash, timingSafeEqual } from "node:crypto";

export function isSameSecret(given: string | undefined, secret: string): boolean {
  return given !== undefined && timingSafeEqual(hash("sha256", given, "buffer"), hash("sha256", secret, "buffer"));
}
