// How long a conversation waits for its own account rather than lose its prompt cache on another one.

import type { Ask } from "./candidates.ts";
import type { Pool } from "./pool.ts";
import { skipOf } from "./standing.ts";

/**
 * Milliseconds, at most `mostMs`: for a place, for the end of a probe, or for a block that is nearly over. 0 when there is
 * nothing to wait for: the account serves, is away for longer, or is not the conversation's own. `now` is epoch ms.
 */
export function waitForOwnMs(pool: Pool, ask: Ask, mostMs: number, now: number): number {
  const isOwn = ask.boundAccountId !== null && ask.boundReason === "bound" && ask.manualAccountId === null;
  const entry = isOwn && mostMs > 0 ? pool.entry(ask.boundAccountId ?? "") : undefined;
  if (entry === undefined) return 0;
  const skip = skipOf(entry, ask, pool.terms, now);
  if (skip?.reason === "busy" || skip?.reason === "probing") return mostMs;
  const waitMs = (skip?.until ?? now) - now;
  return waitMs <= mostMs ? waitMs : 0;
}
