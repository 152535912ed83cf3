// Round robin: each new conversation starts one account further on.

import type { PoolAccount } from "../account.ts";
import type { Strategy } from "./strategy.ts";

export const balanced: Strategy = function* (accounts, { turn }) {
  for (let step = 0; step < accounts.length; step += 1) {
    yield accounts[(turn + step) % accounts.length] as PoolAccount;
  }
};
